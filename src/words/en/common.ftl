# What every page has around it.

skip-link = Skip to main content
language-link =
    .aria-label = Language: { $language }. Change language
footer-label = About this site
footer-help = Help
footer-privacy = Privacy
footer-accessibility = Accessibility
demo-ribbon = Demo. Nothing here is real: no bank, no card, no money.
demo-scenario = Demo scenario: { $name }
legal-marks = Mastercard and Maestro are registered trademarks of Mastercard International Incorporated.
legal-demo = { $wallet } is a demonstration, not affiliated with Mastercard or any bank.
page-title = { $page } – { $wallet }
back-home = Go to your cards
get-help = Get help
cancel-attempt = Cancel
    .aria-label = Cancel adding this card
error-title = Error: { $page }
error-summary-title = There is a problem
reference-line = Reference for support: { $reference }
offline-banner = You’re offline. This page will continue when you’re connected again.
opening-next = Done. Opening the next step.
what-now = What you can do
not-added = The card was not added and nothing was charged.
add-a-card = Add a card from your bank
time-left = You have about { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } left.
