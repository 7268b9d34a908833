# Your cards, one card, one issuer, and the way back that missed the app.

home-title = Your cards
home-empty-title = No cards yet
home-empty-body = Add a card by signing in with the bank that issued it. You don’t type the card number.
home-push-body = Cards are added from your bank. Open your bank’s app or website and choose to add a card here.
home-card-name = { $issuer }, ending { $last4 }
home-card-ending = ending { $last4 }
home-card-state-active = Ready to use
home-card-state-inactive = Waiting for your code
home-card-state-waiting = Waiting for { $issuer } to confirm
home-card-state-locked = Locked after too many wrong codes
home-card-state-suspended = Paused by { $issuer }
home-card-state-declined = { $issuer } did not approve this card
home-card-state-duplicate = Already in your wallet
home-card-state-deactivated = Removed
home-card-state-failed = Not added
home-card-state-adding = Being added
home-card-state-doubt = We’re checking with Mastercard
home-pending = Your { $issuer } card is still being added.
home-pending-link = See how it’s going
home-error = We can’t load your cards right now. Your cards are safe. Try again in a minute.
home-retry = Try again
sign-out = Sign out

card-locked-title = Too many wrong codes
card-locked-body = To protect your card, { $issuer } has stopped accepting codes for now. The card is in your wallet but can’t be used yet.
card-suspended-body = You can’t pay with this card now. Only { $issuer } can change this.
card-confirm = Confirm it’s you
card-status = Status
card-issuer = Bank
card-product = Card
card-last4 = Number
card-phone = Telephone
card-website = Website
card-terms = The terms you accepted
card-back = Back to the card
card-history = How this card was added

issuer-title = Add a card from { $issuer }
issuer-lede = You’ll sign in with { $issuer }, not here. We never see your password.
issuer-phone-only = { $issuer } only lets you add cards from its phone app.
issuer-not-this-phone = { $issuer } does not offer this for your kind of phone.
issuer-not-this-device = { $issuer } does not offer this for your device.
issuer-static = Open this page in a browser to add your card.
issuer-tablet = Are you on a tablet that has the { $issuer } app? Then you can start here.
issuer-start = Start with { $issuer }
issuer-start-tablet = Start on this tablet
issuer-start-anyway = Start here anyway
issuer-other = Choose a different bank

app-title = Go back to the { $wallet } app
app-body = You started to add a card in the app, and your bank’s way back led to this browser instead. No card was added here and nothing was charged.
app-open = Open the app yourself. It shows where your card stands.
app-again = If your card isn’t there, start again in the app.
app-elsewhere = If the app isn’t on this device, open it where you started.
