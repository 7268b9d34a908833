# unreviewed

## Waiting for us
verify-title = Ihre Karte wird geprüft
adding-title = Ihre Karte wird hinzugefügt
code-checking = Ihr Code wird geprüft
verify-step-received = Antwort von { $issuer } erhalten
verify-step-genuine = Echtheit wird geprüft
verify-step-ready = Ihre Karte wird vorbereitet
verify-state-done = erledigt
verify-state-now = läuft
verify-state-todo = noch nicht begonnen
verify-status = Schritt { $n } von 3: { $step }.
verify-code = { $issuer } prüft den Code.
verify-hint = Das dauert normalerweise ein paar Sekunden. Sie können diese Seite offen lassen.
verify-slow = Das dauert länger als üblich. Wir warten auf Mastercard. Sie müssen nichts tun.
verify-very-slow = Wir warten noch auf eine Antwort von Mastercard. Sie können diese Seite verlassen: Wir versuchen es weiter und zeigen das Ergebnis bei Ihren Karten.
verify-retrying = { $issuer } ist fertig. Wir warten auf Mastercard und versuchen es noch { $minutes ->
        [one] { $minutes } Minute
       *[other] { $minutes } Minuten
    } lang. Sie müssen sich nicht noch einmal anmelden.
verify-doubt = Die Antwort ist unterwegs verloren gegangen. Wir klären mit Mastercard, was aus Ihrer Karte geworden ist. Sie wird nie zweimal hinzugefügt.
verify-leave = Sie können diese Seite verlassen: Wir versuchen es weiter und zeigen das Ergebnis bei Ihren Karten.
verify-check = Erneut prüfen

## Terms
terms-title = Bedingungen von { $issuer } für diese Karte in einer Wallet
terms-lede = { $issuer } bittet Sie, diesen Bedingungen zuzustimmen, bevor die Karte hinzugefügt wird.
terms-lede-several = { $issuer } bittet Sie, diesen Bedingungen zuzustimmen, bevor { $cards ->
        [one] { $cards } Karte hinzugefügt wird
       *[other] die { $cards } Karten hinzugefügt werden
    }.
terms-skip = Zu den Schaltflächen springen
terms-contents = Inhalt
terms-language = { $issuer } stellt diese Bedingungen in dieser Sprache bereit: { $language }.
terms-print = Drucken
terms-pdf-only = { $issuer } stellt diese Bedingungen als PDF-Datei bereit. Öffnen und lesen Sie sie, bevor Sie zustimmen.
terms-pdf-open = Bedingungen öffnen (PDF, { $size })
terms-size = { $kilobytes } kB
terms-accept = Zustimmen und Karte hinzufügen
terms-accept-several = Zustimmen und Karten hinzufügen
terms-decline = Nicht zustimmen
terms-changed = { $issuer } hat die Bedingungen geändert, während Sie sie gelesen haben. Bitte lesen Sie die neue Fassung.

## Choosing how to confirm
method-title = Bestätigen Sie, dass Sie es sind
method-lede = { $issuer } möchte prüfen, ob diese Karte Ihnen gehört. Wählen Sie, wie.
method-lede-ending = { $issuer } möchte prüfen, ob die Karte mit der Endung { $digits } Ihnen gehört. Wählen Sie, wie.
method-text = SMS an { $value }
method-email = E-Mail an { $value }
method-call-auto = { $value } anrufen und einen Code anhören
method-call-agent = { $issuer } unter { $value } anrufen
method-issuer-calls = Anruf von { $issuer } unter { $value }
method-website = Auf der Website von { $issuer } anmelden
method-app = Die App von { $issuer } verwenden
method-continue = Weiter
method-later = Später erledigen
method-error-none = Wählen Sie, wie { $issuer } bestätigen soll, dass Sie es sind
method-later-note = Die Karte bleibt in Ihrer Wallet, bis Sie bestätigen. Vorher können Sie nicht damit bezahlen.
method-not-sent = Auf diesem Weg kann gerade kein Code gesendet werden. Wählen Sie einen anderen Weg.
method-expired = Dieser Code ist abgelaufen. Wählen Sie, wie Sie einen neuen erhalten.
method-unsure = Wir wissen nicht, ob Ihr letzter Code gezählt hat. Wählen Sie, wie es weitergehen soll.

## The code
code-title = Code von { $issuer } eingeben
code-sent-text = { $issuer } sendet einen Code per SMS an { $value }.
code-sent-email = { $issuer } sendet einen Code per E-Mail an { $value }.
code-sent-call = Rufen Sie { $value } an. Sie hören einen Code.
code-card = Er gilt für Ihre Karte mit der Endung { $digits }.
code-label = Code
code-hint = Es kann eine Minute dauern, bis er ankommt.
code-hint-call = Legen Sie etwas zum Schreiben bereit.
code-submit = Code bestätigen
code-resend = Code noch einmal senden
code-resend-wait = Sie können ihn in { $seconds ->
        [one] { $seconds } Sekunde
       *[other] { $seconds } Sekunden
    } erneut anfordern.
code-resend-now = Sie können ihn jetzt erneut anfordern.
code-resent = { $issuer } sendet den Code noch einmal. Wenn zwei ankommen, sind sie gleich.
code-request-new = Neuen Code anfordern
code-none-left = Für diese Karte können keine weiteren Codes gesendet werden. Wenn keiner angekommen ist, rufen Sie { $issuer } an.
code-other = Anderen Weg wählen
code-error-empty = Geben Sie den Code ein
code-error-format = Ein Code besteht nur aus Buchstaben und Ziffern, höchstens { $max }. Geben Sie ihn so ein, wie Sie ihn erhalten haben.
code-error-wrong = Dieser Code stimmt nicht. { $left ->
        [one] Sie haben noch { $left } Versuch.
       *[other] Sie haben noch { $left } Versuche.
    }
code-error-wrong-last = Dieser Code stimmt nicht.
code-error-expired = Dieser Code ist abgelaufen. Fordern Sie einen neuen an.
code-error-not-sent = Der Code konnte nicht gesendet werden. Fordern Sie ihn erneut an oder wählen Sie einen anderen Weg.
code-error-unsure = Wir wissen nicht, ob Ihr letzter Versuch gezählt hat. Geben Sie den Code noch einmal ein.
code-error-not-tried = Wir konnten den Code gerade nicht prüfen. Das zählt nicht als Versuch. Geben Sie ihn noch einmal ein.

## Waiting for the issuer
await-title = Warten auf Bestätigung von { $issuer }
await-body = Ihre Karte ist in der Wallet. Sie können sie verwenden, sobald { $issuer } weiß, dass Sie es sind.
await-agent = Rufen Sie { $issuer } unter { $value } an und sagen Sie, dass Sie Ihre Karte zu { $wallet } hinzufügen. Diese Seite ändert sich, sobald bestätigt wurde.
await-callback = { $issuer } ruft Sie unter { $value } an. Diese Seite ändert sich, sobald bestätigt wurde.
await-website = Melden Sie sich auf der Website von { $issuer } an und bestätigen Sie dort.
await-website-go = Zur Website von { $issuer }
await-app = Öffnen Sie die App von { $issuer } und bestätigen Sie dort.
await-check = Erneut prüfen
await-later = Sie können diese Seite verlassen. Die Karte bleibt bis dahin in Ihrer Wallet; vorher können Sie nicht damit bezahlen.

## Success
done-title = Karte hinzugefügt
done-title-several = Karten hinzugefügt
done-body = Ihre Karte von { $issuer } mit der Endung { $digits } kann jetzt in { $wallet } verwendet werden.
done-body-plain = Ihre Karte von { $issuer } kann jetzt in { $wallet } verwendet werden.
done-body-several = { $cards ->
        [one] { $cards } Karte von { $issuer } ist in { $wallet }.
       *[other] { $cards } Karten von { $issuer } sind in { $wallet }.
    }
done-note = { $issuer } benachrichtigt Sie vielleicht, dass diese Karte hinzugefügt wurde. Wenn Sie eine Nachricht zu einer Karte erhalten, die Sie nicht hinzugefügt haben, rufen Sie dort an.
done-another = Weitere Karte hinzufügen
