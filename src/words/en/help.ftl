# Help, privacy, accessibility; the language page.

help-title = Help
help-how-title = How adding a card works
help-how-choose = You choose your bank in the list.
help-how-sign-in = You sign in with your bank, in its app or on its website, and choose a card there.
help-how-check = Your bank sends you back here. We check with Mastercard that the reply is genuine.
help-how-terms = You read and accept your bank’s terms. If your bank asks, you confirm that it’s you.
help-how-time = Adding a card has to be finished within { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. If it takes longer, start again; nothing is lost and nothing is charged.
help-app-title = My bank’s app didn’t bring me back
help-app-body = Open { $wallet } again in the browser where you started. Next to your cards you’ll find what is still under way.
help-browser-title = I came back in another browser
help-browser-body = To keep your card safe, we finish only where you started. Start again in the browser that your bank opens, or use the bank’s website instead of its app.
help-code-title = No code arrived
help-code-body = It can take a few minutes. You can ask for it again on the page where you enter it. If that doesn’t help, call your bank: the number is on the back of your card.
help-message-title = I got a message about a card that I didn’t add
help-message-body = Call your bank at once.
privacy-title = Privacy
privacy-body = { $wallet } sees neither your card number nor your password. It keeps a cookie for { $host }, which makes sure that a card ends up in your wallet and not in someone else’s. What you choose here, such as the language and the country, and which banks you have used are remembered in this browser only, in cookies of their own. No page loads anything from anybody else.
accessibility-title = Accessibility
accessibility-body = Every page works with a keyboard, with a screen reader, at 400 % zoom and without JavaScript. If something doesn’t work for you, tell us which page it was.

language-title = Language
language-choose = Choose your language
language-unreviewed = Translation not yet reviewed
language-banks = The names and terms of banks are shown in the language that the bank uses.
theme-choose = Colours
theme-system = System
theme-light = Light
theme-dark = Dark
language-save = Save

error-gateway-title = We can’t reach { $wallet }
error-gateway-body = Something between you and us isn’t working. Your cards are safe. Try again in a minute.
error-unavailable-title = We can’t answer right now
error-unavailable-body = Too many people are here at once, or we’re being updated. Your cards are safe. Try again in a minute.
