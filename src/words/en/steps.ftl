# The steps after the return: the wait, the terms, the proof, and how it ends well.

## Waiting for us
verify-title = Checking your card
adding-title = Adding your card
code-checking = Checking your code
verify-step-received = Reply received from { $issuer }
verify-step-genuine = Checking it is genuine
verify-step-ready = Getting your card ready
verify-state-done = done
verify-state-now = in progress
verify-state-todo = not started
verify-status = Step { $n } of 3: { $step }.
verify-code = { $issuer } is checking the code.
verify-hint = This usually takes a few seconds. You can leave this page open.
verify-slow = This is taking longer than usual. We’re waiting for Mastercard. There is nothing you need to do.
verify-very-slow = We’re still waiting for an answer from Mastercard. You can leave this page: we’ll keep trying and show the result with your cards.
verify-retrying = { $issuer } has done its part. We’re waiting for Mastercard and will keep trying for { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. You don’t need to sign in again.
verify-doubt = The answer got lost on its way, so we’re checking with Mastercard what became of your card. It is never added twice.
verify-leave = You can leave this page: we’ll keep trying and show the result with your cards.
verify-check = Check again

## Terms
terms-title = { $issuer }’s terms for using this card in a wallet
terms-lede = { $issuer } asks you to accept these terms before the card is added.
terms-lede-several = { $issuer } asks you to accept these terms before the { $cards ->
        [one] { $cards } card is
       *[other] { $cards } cards are
    } added.
terms-skip = Skip to the buttons
terms-contents = Contents
terms-language = { $issuer } provides these terms in { $language }.
terms-print = Print
terms-pdf-only = { $issuer } provides these terms as a PDF file. Open it and read it before you accept.
terms-pdf-open = Open the terms (PDF, { $size })
terms-size = { $kilobytes } kB
terms-accept = Accept and add card
terms-accept-several = Accept and add cards
terms-decline = Don’t accept
terms-changed = { $issuer } changed the terms while you were reading. Please read the new version.

## Choosing how to confirm
method-title = Confirm it’s you
method-lede = { $issuer } wants to check that this card is yours. Choose how.
method-lede-ending = { $issuer } wants to check that the card ending { $digits } is yours. Choose how.
method-text = Text message to { $value }
method-email = Email to { $value }
method-call-auto = Call { $value } and listen for a code
method-call-agent = Call { $issuer } on { $value }
method-issuer-calls = Get a call from { $issuer } on { $value }
method-website = Sign in to { $issuer }’s website
method-app = Use the { $issuer } app
method-continue = Continue
method-later = Do this later
method-error-none = Choose how { $issuer } should confirm it’s you
method-later-note = The card stays in your wallet until you confirm. You can’t pay with it before that.
method-not-sent = No code can be sent that way right now. Choose another way.
method-expired = That code has expired. Choose how to get a new one.
method-unsure = We don’t know whether your last code counted. Choose how to go on.

## The code
code-title = Enter the code from { $issuer }
code-sent-text = { $issuer } is sending a code by text message to { $value }.
code-sent-email = { $issuer } is sending a code by email to { $value }.
code-sent-call = Call { $value }. You’ll hear a code.
code-card = It is for your card ending { $digits }.
code-label = Code
code-hint = It can take a minute to arrive.
code-hint-call = Have something to write with you.
code-submit = Confirm code
code-resend = Send the code again
code-resend-wait = You can ask again in { $seconds ->
        [one] { $seconds } second
       *[other] { $seconds } seconds
    }.
code-resend-now = You can ask again now.
code-resent = { $issuer } is sending the code again. If two arrive, they are the same.
code-request-new = Ask for a new code
code-none-left = No more codes can be sent for this card. If none arrived, call { $issuer }.
code-other = Use another way
code-error-empty = Enter the code
code-error-format = A code has only letters and digits, at most { $max }. Enter it as you received it.
code-error-wrong = That code isn’t right. { $left ->
        [one] You have { $left } try left.
       *[other] You have { $left } tries left.
    }
code-error-wrong-last = That code isn’t right.
code-error-expired = That code has expired. Ask for a new one.
code-error-not-sent = The code could not be sent. Ask again, or use another way.
code-error-unsure = We don’t know whether your last try counted. Enter the code again.
code-error-not-tried = We couldn’t check the code right now. It did not count as a try. Enter it again.

## Waiting for the issuer
await-title = Waiting for { $issuer } to confirm
await-body = Your card is in the wallet. You can use it when { $issuer } knows that it’s you.
await-agent = Call { $issuer } on { $value } and say you’re adding your card to { $wallet }. This page changes when they have confirmed.
await-callback = { $issuer } will call you on { $value }. This page changes when they have confirmed.
await-website = Sign in to { $issuer }’s website and confirm there.
await-website-go = Go to { $issuer }’s website
await-app = Open the { $issuer } app and confirm there.
await-check = Check again
await-later = You can leave this page. The card stays in your wallet until then, and you can’t pay with it before.

## Success
done-title = Card added
done-title-several = Cards added
done-body = Your { $issuer } card ending { $digits } is ready to use in { $wallet }.
done-body-plain = Your { $issuer } card is ready to use in { $wallet }.
done-body-several = { $cards ->
        [one] { $cards } card from { $issuer } is in { $wallet }.
       *[other] { $cards } cards from { $issuer } are in { $wallet }.
    }
done-note = { $issuer } may send you a message to say that this card was added. If you get one for a card you didn’t add, call them.
done-another = Add another card
