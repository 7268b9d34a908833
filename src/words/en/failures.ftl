# What goes wrong: what happened, what it means, what can be done.

## Ways onward
fail-try-again = Try again
fail-start-again = Start again
fail-start-again-with = Start again with { $issuer }
fail-other-card = Choose a different card
fail-other-bank = Choose a different bank
fail-call = Call { $issuer } on { $phone }
fail-later = Try again in a few minutes.
fail-see-where = See where it stands
fail-see-code = See your code and try again
fail-sign-in = Sign in again

## How an attempt ends
f01-title = You stopped before the card was added
f01-body = That’s fine. { not-added }
f03-title = { $issuer }’s answer arrived too late
f03-body = For your safety an answer from a bank is only good once, and only for a few minutes. { not-added }
f04-title = { $issuer } has no card you can add
f04-body = You may not have a card that works in wallets, or { $issuer } could not sign you in. { not-added }
f04-item-1 = Sign in to { $issuer } with the account that your card belongs to.
f04-item-2 = Ask { $issuer } whether your card can be used in wallets.
f05-title = { $issuer } did not approve this card
f05-body = They did not tell us why. { not-added }
f05-item-1 = Choose a different { $issuer } card.
f05-item-2 = Ask { $issuer } whether this card can be used in wallets.
f06-title = This card is already in your wallet
f06-body = Your { $issuer } card ending { $digits } was added before. You don’t need to do anything.
f06-body-plain = Your { $issuer } card was added before. You don’t need to do anything.
f06-go = Go to this card
f08-title = { $issuer } isn’t available right now
f08-body = The problem is at { $issuer }. Other banks still work. { not-added }
f10-title = We can’t finish checking your card right now
f10-gave-up = Mastercard did not answer in time. { not-added }
f16-title = Too many wrong codes
f16-body = To protect your card, { $issuer } has stopped accepting codes for now. The card is in your wallet but can’t be used yet.
f18-title = { $issuer } has paused this card
f18-body = It was added, but you can’t pay with it. Only { $issuer } can change this.
f19-title = { $issuer }’s terms can’t be shown right now
f19-body = So the card can’t be added. Try again in a few minutes. { not-added }
gone-title = This card is no longer in your wallet
gone-body = It was added, and removed again later. You can add it once more.
match-title = Too many wrong codes
match-body = { $issuer }’s answer didn’t hold the code that we showed here. { not-added }
refused-title = This card can’t be added right now
refused-body = Mastercard did not accept the request. That is not your fault. { not-added }
nothing-title = The card was not added
nothing-body = The answer got lost on its way. We asked Mastercard, and nothing was added. { not-added }
unclear-title = We don’t know whether the card was added
unclear-body = The answer got lost on its way, and Mastercard did not tell us. Ask { $issuer } before you try again.
expired-title = This took too long
expired-body = For your safety, adding a card has to be finished within { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. { not-added }

## A return that is refused
f11-title = We couldn’t confirm that this came from your bank
f11-body = Something in the reply was changed or damaged on the way, so we stopped. { not-added }
f11-item-1 = Start again from here. Don’t use a link from a message or an email.
f11-item-2 = If it happens again, tell us the reference below.
key-title = We couldn’t confirm yet that this came from your bank
key-body = The reply is signed with a key that is new to us, and we are fetching it. The card was not added yet.
key-item-1 = Keep this page open for a minute. If nothing happens by then, reload it.
f12-title = This reply belongs to a different attempt
f12-body = You may have started more than once. { not-added }
f14-title = We don’t know what this is about
f14-body = A bank sent you here, but there is no card being added in this browser.
unreadable-title = We can’t read your bank’s reply
other-title = You came back in another browser
other-body = You started adding a { $issuer } card in a different browser. To keep your card safe, we can’t finish it here. No card has been added in this browser.
other-why = { $issuer }’s app opens this browser. If you start again here, it will bring you back to the same place.
other-again = Start again in this browser
other-alt = Or go back to the browser where you started and choose “Use the website instead”.
mismatch-title = The code didn’t match
mismatch-body = { $issuer }’s answer didn’t hold the code that we showed here, so we can’t be sure that it was you who signed in there. { not-added }
mismatch-retype = If you mistyped it: go to { $issuer } again, and type it exactly as it is shown here.
mismatch-restart = If you mistyped it: start again. You get a new code.
mismatch-stop = If somebody sent you a link to { $issuer }, or asked you for the code: stop. They may want your card in their wallet. Tell { $issuer }.

## Everything else
notfound-title = This page isn’t here
notfound-body = The address may be old or mistyped. If you were adding a card, start again from your cards.
notfound-issuer-title = This bank isn’t available here
notfound-issuer-body = It may have stopped offering this, or the link is wrong.
f09-title = We can’t load the list of banks right now
f09-body = The service that provides it isn’t answering. Your cards still work.
f17-title = No more codes can be sent
f17-body = Your bank allows only a few codes for one card. Use another way, or call them.
f17-body-issuer = { $issuer } allows only a few codes for one card. Use another way, or call them.
f22-title = Something went wrong on our side
f22-body = If you were adding a card, go to your cards to see whether it worked before you try again.
unavailable-title = We can’t answer right now
unavailable-body = Your cards are safe. Try again in a minute.
f25-title = Your browser is blocking a cookie we need
f25-body = We use a cookie to make sure that the card ends up in your wallet and not in someone else’s. Allow cookies for { $host }, then try again.
f25-title-stale = This page was open for too long
f25-body-stale = We couldn’t be sure that it was you. Nothing was changed. Try again.
handoff-title = This link can’t be used any more
handoff-body = A link that signs you in works once and only for two minutes. Nothing was changed.
moved-title = This has moved on
moved-body = Nothing was done twice.
input-title = Something in the form is missing or wrong
unread-title = We can’t read this request
unread-body = The address or form can’t be read. Nothing was changed.
nothing-changed = Nothing was changed.
method-not-allowed-title = This page can’t be used that way
timeout-title = That took too long to arrive
timeout-body = Nothing was changed. Try again.
too-large-title = That was too much at once
address-too-long-title = This address is too long
unsupported-title = We can’t read this kind of form
misdirected-title = This address isn’t ours
misdirected-body = The request named another host. Nothing was changed.
headers-title = Your browser sent too much
headers-body = Deleting the cookies of this site may help.
credential-title = The credential is missing or wrong
credential-body = Send the configured credential in one Authorization header, as a Bearer token.
