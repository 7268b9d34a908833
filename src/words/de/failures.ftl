# unreviewed

## Ways onward
fail-try-again = Erneut versuchen
fail-start-again = Neu beginnen
fail-start-again-with = Mit { $issuer } neu beginnen
fail-other-card = Andere Karte wählen
fail-other-bank = Andere Bank wählen
fail-call = { $issuer } unter { $phone } anrufen
fail-later = Versuchen Sie es in ein paar Minuten noch einmal.
fail-see-where = Aktuellen Stand ansehen
fail-see-code = Code ansehen und erneut versuchen
fail-sign-in = Erneut anmelden

## How an attempt ends
f01-title = Sie haben abgebrochen, bevor die Karte hinzugefügt wurde
f01-body = Das ist in Ordnung. { not-added }
f03-title = Die Antwort von { $issuer } kam zu spät
f03-body = Zu Ihrer Sicherheit gilt die Antwort einer Bank nur einmal und nur wenige Minuten lang. { not-added }
f04-title = { $issuer } hat keine Karte, die Sie hinzufügen können
f04-body = Vielleicht haben Sie keine Karte, die in Wallets funktioniert, oder { $issuer } konnte Sie nicht anmelden. { not-added }
f04-item-1 = Melden Sie sich bei { $issuer } mit dem Konto an, zu dem Ihre Karte gehört.
f04-item-2 = Fragen Sie { $issuer }, ob Ihre Karte in Wallets verwendet werden kann.
f05-title = { $issuer } hat diese Karte nicht genehmigt
f05-body = Den Grund hat man uns nicht genannt. { not-added }
f05-item-1 = Wählen Sie eine andere Karte von { $issuer }.
f05-item-2 = Fragen Sie { $issuer }, ob diese Karte in Wallets verwendet werden kann.
f06-title = Diese Karte ist bereits in Ihrer Wallet
f06-body = Ihre Karte von { $issuer } mit der Endung { $digits } wurde schon früher hinzugefügt. Sie müssen nichts tun.
f06-body-plain = Ihre Karte von { $issuer } wurde schon früher hinzugefügt. Sie müssen nichts tun.
f06-go = Zu dieser Karte
f08-title = { $issuer } ist gerade nicht verfügbar
f08-body = Das Problem liegt bei { $issuer }. Andere Banken funktionieren weiterhin. { not-added }
f10-title = Wir können die Prüfung Ihrer Karte gerade nicht abschließen
f10-gave-up = Mastercard hat nicht rechtzeitig geantwortet. { not-added }
f16-title = Zu viele falsche Codes
f16-body = Zum Schutz Ihrer Karte nimmt { $issuer } vorerst keine Codes mehr an. Die Karte ist in Ihrer Wallet, kann aber noch nicht verwendet werden.
f18-title = { $issuer } hat diese Karte angehalten
f18-body = Sie wurde hinzugefügt, aber Sie können nicht damit bezahlen. Nur { $issuer } kann das ändern.
f19-title = Die Bedingungen von { $issuer } können gerade nicht angezeigt werden
f19-body = Deshalb kann die Karte nicht hinzugefügt werden. Versuchen Sie es in ein paar Minuten noch einmal. { not-added }
gone-title = Diese Karte ist nicht mehr in Ihrer Wallet
gone-body = Sie wurde hinzugefügt und später wieder entfernt. Sie können sie noch einmal hinzufügen.
match-title = Zu viele falsche Codes
match-body = Die Antwort von { $issuer } enthielt nicht den Code, den wir hier angezeigt haben. { not-added }
refused-title = Diese Karte kann gerade nicht hinzugefügt werden
refused-body = Mastercard hat die Anfrage nicht angenommen. Das liegt nicht an Ihnen. { not-added }
nothing-title = Die Karte wurde nicht hinzugefügt
nothing-body = Die Antwort ist unterwegs verloren gegangen. Wir haben bei Mastercard nachgefragt: Es wurde nichts hinzugefügt. { not-added }
unclear-title = Wir wissen nicht, ob die Karte hinzugefügt wurde
unclear-body = Die Antwort ist unterwegs verloren gegangen, und Mastercard hat es uns nicht gesagt. Fragen Sie { $issuer }, bevor Sie es noch einmal versuchen.
expired-title = Das hat zu lange gedauert
expired-body = Zu Ihrer Sicherheit muss eine Karte innerhalb von { $minutes ->
        [one] { $minutes } Minute
       *[other] { $minutes } Minuten
    } hinzugefügt werden. { not-added }

## A return that is refused
f11-title = Wir konnten nicht bestätigen, dass dies von Ihrer Bank kam
f11-body = Etwas in der Antwort wurde unterwegs verändert oder beschädigt, deshalb haben wir angehalten. { not-added }
f11-item-1 = Beginnen Sie hier neu. Verwenden Sie keinen Link aus einer Nachricht oder E-Mail.
f11-item-2 = Wenn es noch einmal passiert, nennen Sie uns die Referenz unten.
key-title = Wir konnten noch nicht bestätigen, dass dies von Ihrer Bank kam
key-body = Die Antwort ist mit einem Schlüssel unterschrieben, der uns neu ist; wir holen ihn gerade. Die Karte wurde noch nicht hinzugefügt.
key-item-1 = Lassen Sie diese Seite eine Minute lang offen. Wenn bis dahin nichts geschieht, laden Sie sie neu.
f12-title = Diese Antwort gehört zu einem anderen Versuch
f12-body = Vielleicht haben Sie mehr als einmal begonnen. { not-added }
f14-title = Wir wissen nicht, worum es geht
f14-body = Eine Bank hat Sie hierher geschickt, aber in diesem Browser wird gerade keine Karte hinzugefügt.
unreadable-title = Wir können die Antwort Ihrer Bank nicht lesen
other-title = Sie sind in einem anderen Browser zurückgekommen
other-body = Sie haben in einem anderen Browser begonnen, eine Karte von { $issuer } hinzuzufügen. Zum Schutz Ihrer Karte können wir das hier nicht abschließen. In diesem Browser wurde keine Karte hinzugefügt.
other-why = Die App von { $issuer } öffnet diesen Browser. Wenn Sie hier neu beginnen, bringt sie Sie wieder hierher zurück.
other-again = In diesem Browser neu beginnen
other-alt = Oder gehen Sie zurück zu dem Browser, in dem Sie begonnen haben, und wählen Sie dort die Website statt der App.
mismatch-title = Der Code passte nicht
mismatch-body = Die Antwort von { $issuer } enthielt nicht den Code, den wir hier angezeigt haben. Deshalb können wir nicht sicher sein, dass Sie sich dort angemeldet haben. { not-added }
mismatch-retype = Wenn Sie sich vertippt haben: Gehen Sie noch einmal zu { $issuer } und geben Sie ihn genau so ein, wie er hier steht.
mismatch-restart = Wenn Sie sich vertippt haben: Beginnen Sie neu. Sie erhalten einen neuen Code.
mismatch-stop = Wenn Ihnen jemand einen Link zu { $issuer } geschickt oder Sie nach dem Code gefragt hat: Hören Sie auf. Vielleicht will jemand Ihre Karte in die eigene Wallet bringen. Sagen Sie es { $issuer }.

## Everything else
notfound-title = Diese Seite gibt es hier nicht
notfound-body = Die Adresse ist vielleicht veraltet oder falsch geschrieben. Wenn Sie gerade dabei waren, eine Karte hinzuzufügen, beginnen Sie noch einmal bei Ihren Karten.
notfound-issuer-title = Diese Bank ist hier nicht verfügbar
notfound-issuer-body = Vielleicht bietet sie dies nicht mehr an, oder der Link ist falsch.
f09-title = Wir können die Liste der Banken gerade nicht laden
f09-body = Der Dienst, der sie bereitstellt, antwortet nicht. Ihre Karten funktionieren weiterhin.
f17-title = Es können keine weiteren Codes gesendet werden
f17-body = Ihre Bank erlaubt nur wenige Codes für eine Karte. Wählen Sie einen anderen Weg oder rufen Sie dort an.
f17-body-issuer = { $issuer } erlaubt nur wenige Codes für eine Karte. Wählen Sie einen anderen Weg oder rufen Sie dort an.
f22-title = Bei uns ist etwas schiefgegangen
f22-body = Wenn Sie gerade dabei waren, eine Karte hinzuzufügen, sehen Sie bei Ihren Karten nach, ob es geklappt hat, bevor Sie es noch einmal versuchen.
unavailable-title = Wir können gerade nicht antworten
unavailable-body = Ihre Karten sind sicher. Versuchen Sie es in einer Minute noch einmal.
f25-title = Ihr Browser blockiert ein Cookie, das wir brauchen
f25-body = Wir verwenden ein Cookie, damit die Karte in Ihrer Wallet landet und nicht in einer fremden. Erlauben Sie Cookies für { $host } und versuchen Sie es noch einmal.
f25-title-stale = Diese Seite war zu lange geöffnet
f25-body-stale = Wir konnten nicht sicher sein, dass Sie es waren. Es wurde nichts geändert. Versuchen Sie es noch einmal.
handoff-title = Dieser Link kann nicht mehr verwendet werden
handoff-body = Ein Link, der Sie anmeldet, funktioniert nur einmal und nur zwei Minuten lang. Es wurde nichts geändert.
moved-title = Das ist schon weitergegangen
moved-body = Es wurde nichts doppelt ausgeführt.
input-title = Im Formular fehlt etwas, oder etwas stimmt nicht
unread-title = Wir können diese Anfrage nicht lesen
unread-body = Die Adresse oder das Formular ist nicht lesbar. Es wurde nichts geändert.
nothing-changed = Es wurde nichts geändert.
method-not-allowed-title = Diese Seite kann nicht auf diese Weise verwendet werden
timeout-title = Die Übertragung hat zu lange gedauert
timeout-body = Es wurde nichts geändert. Versuchen Sie es noch einmal.
too-large-title = Das war zu viel auf einmal
address-too-long-title = Diese Adresse ist zu lang
unsupported-title = Diese Art von Formular können wir nicht lesen
misdirected-title = Diese Adresse gehört nicht uns
misdirected-body = Die Anfrage nannte einen anderen Server. Es wurde nichts geändert.
headers-title = Ihr Browser hat zu viel gesendet
headers-body = Vielleicht hilft es, die Cookies dieser Website zu löschen.
credential-title = Die Zugangsdaten fehlen oder sind falsch
credential-body = Senden Sie die eingerichteten Zugangsdaten in einem Authorization-Header als Bearer-Token.
