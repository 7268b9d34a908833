# Cards that a bank pushes: the question, the way back, and links that are refused.

push-title = { $count ->
        [one] Add a card from { $issuer }?
       *[other] Add { $count } cards from { $issuer }?
    }
push-body = { $count ->
        [one] A link that you followed wants to add a card to { $wallet }.
       *[other] A link that you followed wants to add { $count } cards to { $wallet }.
    } Continue only if you started this yourself just now, with your bank.
push-sent = If somebody sent you the link, choose “Not now”: the card could be somebody else’s.
push-unnamed = The link doesn’t say which bank it comes from. When you’re done, you stay here.
push-unsigned = The link isn’t signed, so we can’t tell whether it really comes from { $issuer }. When you’re done, you stay here.
push-next = Nothing is added before you have read and accepted the bank’s terms.
push-accept = Continue
push-decline = Not now
push-your-bank = Your bank
push-back = Back to { $issuer }
push-back-site = Back to { $issuer } ({ $site })
push-proof = { $issuer } lets you confirm this when you go back there.
push-over-title = This offer can’t be used any more
push-over-body = What { $issuer } sent is too old, was used before, or is meant for another wallet. Nothing was added. Go back to { $issuer } and start again there.
push-again = To try again, go back to { $issuer } and start there.
push-malformed-title = We can’t read this link
push-malformed-body = It may have been changed or cut off on its way. Nothing was added.
push-misplaced-title = This link doesn’t belong here
push-misplaced-body = It was made to bring you back to a card that you were already adding. Nothing was added. Go on where you started.
push-not-signed-title = This link isn’t signed
push-not-signed-body = A bank’s link to add a card must be signed by Mastercard. Nothing was added.
push-issuer-title = We don’t know which bank this link is from
push-issuer-body = It isn’t from a bank that can add cards to { $wallet } by a link. Nothing was added, and we don’t send you anywhere.
push-callback-title = This link leads back to a wrong address
push-callback-body = The address that it wants to send you back to isn’t the bank’s. Nothing was added, and we don’t send you there.
push-used-title = This link was used before
push-used-body = The card in it was accepted somewhere else, or can’t be added any more. Nothing was added here. If you still want it, start again with your bank.
