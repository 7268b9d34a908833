# The way to the issuer, the wait for the return, and what else may come of it: another browser, a phone, a code.

launch-title = Continue to { $issuer }
launch-title-phone = You need the { $issuer } app
launch-title-nothing = { $issuer } isn’t available on this device
launch-step-1 = Sign in with { $issuer }.
launch-step-2 = Choose the card you want to add.
launch-step-code = Type the code below when you are asked for it.
launch-step-3 = Come back here. We’ll finish the rest.
launch-host = You’ll go to { $host }. Check that you see this address before you sign in.
launch-host-website = The website is { $host }. Check that you see this address before you sign in.
launch-app = Open the { $issuer } app
launch-app-android = Open the Android app
launch-app-ios = Open the iPhone app
launch-app-only = Open only the app
launch-have-app = I have the app
launch-have-app-android = I have the Android app
launch-have-app-ios = I have the iPhone app
launch-noapp = I don’t have the app
launch-web = Continue on { $issuer }’s website
launch-web-plain = Continue to { $issuer }
launch-web-choice = Use the website
launch-forward = Taking you to { $issuer }. To stay here, tap the page or press a key.
launch-hint-app = You need the { $issuer } app on this device, and you need to be able to sign in to it.
launch-hint-noopen = Did the app not open? Continue on the website instead.
launch-hint-noopen-app = Did the app not open? Check that it is installed, then try again.
launch-finished = Already finished with { $issuer }? Check now
launch-other = Choose a different bank
launch-expiry = { $minutes ->
        [one] You have about { $minutes } minute. After that, start again here; nothing is lost.
       *[other] You have about { $minutes } minutes. After that, start again here; nothing is lost.
    }
launch-degraded = { $issuer } is having problems. You can try, but it may not work.
launch-down = { $issuer } isn’t available right now. You can try, but it will probably not work. Other banks still do.
launch-not-this-phone = { $issuer } does not offer this for your kind of phone.
launch-only-phone-app = { $issuer } only lets you add cards from its phone app. Open { $wallet } on your phone and start there. The card is added on your phone.
launch-robot = Open this page in a browser to add your card.

launch-phone-summary = Use your phone instead
launch-phone-only = { $issuer } only works in its phone app. Scan this to continue on your phone.
launch-phone-body = Scan this with your phone’s camera. { $wallet } opens on your phone and you start there. The card is added on your phone.
launch-phone-copy = Or open this address on your phone: { $url }
launch-phone-close = You can close this page on your computer.
launch-phone-label = QR code that opens { $wallet } on your phone

touch-title = You’re on an iPad
touch-body = If you have the { $issuer } app on it, add your card there.
touch-noscript = On an iPad: open the { $issuer } app

# A browser inside another app.
escape-title = Open this page in your browser first
escape-body = You’re in a browser inside another app. Your bank brings you back to your phone’s own browser, which can’t finish what you start here.
launch-hint-browser = You’re in a browser inside another app. Open { $wallet } in your normal browser first, so that { $issuer } can bring you back.
escape-menu = Open the menu (⋯ or ⋮) and choose “Open in browser”.
# $page is a link: escape-first-page.
escape-menu-page = Go to { $page }, then open the menu (⋯ or ⋮) and choose “Open in browser”.
escape-first-page = the first page
escape-copy = Or copy this address and paste it into your browser.
escape-address = Address to open
escape-copy-button = Copy
escape-copied = Copied

# The digits that the issuer asks for.
same-title = Your code
same-asked = { $issuer } asks you for it.
same-may-be-asked = { $issuer } may ask you for it.
same-proof = It shows that it’s you who started here.
same-only-site = Only type it on { $host }.
same-only-app = Only type it in the { $issuer } app.
same-only-both = Only type it on { $host } or in the { $issuer } app.
same-never = Nobody should ever ask you to read it out.

wait-title = Waiting for { $issuer }
wait-body-app = Finish in the { $issuer } app. It should bring you back here by itself. If it doesn’t, return to this page.
wait-body-web = Finish on { $issuer }’s website. It should bring you back here by itself. If it doesn’t, return to this page.
wait-body-both = Finish in the { $issuer } app or on its website. It should bring you back here by itself. If it doesn’t, return to this page.
wait-body-any = Finish with { $issuer }. It should bring you back here by itself. If it doesn’t, return to this page.
wait-check = I’ve finished with { $issuer }
wait-app-again = Open the app again
wait-web-again = Use the website instead
wait-web-there = Go there again
wait-try-again = Try again
wait-ways = Show the ways to { $issuer } again
wait-hint-noopen = Did the app not open? Use the website instead.
wait-nothing-yet = { $issuer } hasn’t sent an answer yet. Finish there first, then check again.
wait-no-params = { $issuer } sent you back without an answer. You may have cancelled, or something went wrong there.
wait-other-tab = This is continuing in another tab. You can close this one.
wait-elsewhere = { $issuer } brought you back in a different browser, so we couldn’t finish. Use the website instead, or start again in the other browser.
wait-elsewhere-app = { $issuer } brought you back in a different browser, so we couldn’t finish. Start again in the other browser.
wait-wrong-code = { $left ->
        [one] { $issuer }’s answer didn’t hold the code below, so nothing was added. Go there again and type it exactly as it stands here. You have { $left } more try.
       *[other] { $issuer }’s answer didn’t hold the code below, so nothing was added. Go there again and type it exactly as it stands here. You have { $left } more tries.
    }

# The other browser shows digits, which are typed where it started.
wait-digits = { $issuer } brought you back in a different browser. It shows six digits there.
wait-digits-label = The six digits
wait-digits-hint = { $tries ->
        [one] Only if you see them yourself, on a device of yours. You have one try.
       *[other] Only if you see them yourself, on a device of yours. You have { $tries } tries.
    }
wait-digits-go = Go on here
wait-digits-empty = Enter the six digits
wait-digits-format = The code has six digits
wait-digits-wrong = These are not the digits that the other browser shows
wait-digits-spent = { $tries ->
        [one] These were not the digits.
       *[other] These were not the digits, { $tries } times.
    } What came back is of no use any more. Use the website instead, or start again in the other browser.
wait-digits-spent-app = { $tries ->
        [one] These were not the digits.
       *[other] These were not the digits, { $tries } times.
    } What came back is of no use any more. Start again in the other browser.

other-same-person = You started adding a { $issuer } card in a different browser. To keep your card safe, we go on here only with the same person.
other-nothing = No card has been added in this browser.
other-signin = Sign in here to go on
other-digits-title = Go back to where you started
other-digits-body = You started in another browser. { $issuer } is done. Go back to that tab and enter these digits:
other-digits-careful = Type them only into the page where you started yourself. Nobody from { $issuer } or from us will ever ask you for them.
