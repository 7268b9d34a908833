# A card after it was added: paused, gone on with, removed.

home-card-state-paused = Paused by you
card-paused-body = You paused this card. You can’t pay with it until you resume it.
card-pause = Pause
card-resume = Resume
card-remove = Remove
card-pausing = We’re asking Mastercard to pause this card.
card-resuming = We’re asking Mastercard to resume this card.
card-removing = We’re asking Mastercard to remove this card.
card-change-doubt = The answer got lost on its way, so we’re checking with Mastercard how this card stands. Nothing is asked for twice.
card-change-not-done = That didn’t work. Nothing was changed. Try again in a moment.
card-change-refused = Mastercard did not allow that. The status below is the current one.
card-change-unclear = We never learned whether that worked. Ask { $issuer } if the status below looks wrong.
card-remove-title = Remove this card?
card-remove-body = The card disappears from this wallet and can’t be used here any more. Your card from { $issuer } itself stays as it is, and you can add it again later.
card-remove-keep = Keep the card
