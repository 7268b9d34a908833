# unreviewed
# A card after it was added: paused, gone on with, removed.

home-card-state-paused = Von Ihnen angehalten
card-paused-body = Sie haben diese Karte angehalten. Sie können erst wieder damit bezahlen, wenn Sie sie fortsetzen.
card-pause = Anhalten
card-resume = Fortsetzen
card-remove = Entfernen
card-pausing = Wir bitten Mastercard, diese Karte anzuhalten.
card-resuming = Wir bitten Mastercard, diese Karte fortzusetzen.
card-removing = Wir bitten Mastercard, diese Karte zu entfernen.
card-change-doubt = Die Antwort ist unterwegs verloren gegangen. Wir klären mit Mastercard, wie es um diese Karte steht. Um nichts wird zweimal gebeten.
card-change-not-done = Das hat nicht geklappt. Es wurde nichts geändert. Versuchen Sie es gleich noch einmal.
card-change-refused = Mastercard hat das nicht zugelassen. Unten steht der aktuelle Status.
card-change-unclear = Wir haben nicht erfahren, ob das geklappt hat. Fragen Sie { $issuer }, wenn der Status unten nicht stimmt.
card-remove-title = Diese Karte entfernen?
card-remove-body = Die Karte verschwindet aus dieser Wallet und kann hier nicht mehr verwendet werden. Ihre Karte von { $issuer } selbst bleibt, wie sie ist, und Sie können sie später wieder hinzufügen.
card-remove-keep = Karte behalten
