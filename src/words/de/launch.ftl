# unreviewed

launch-title = Weiter zu { $issuer }
launch-title-phone = Sie brauchen die App von { $issuer }
launch-title-nothing = { $issuer } ist auf diesem Gerät nicht verfügbar
launch-step-1 = Melden Sie sich bei { $issuer } an.
launch-step-2 = Wählen Sie die Karte, die Sie hinzufügen möchten.
launch-step-code = Geben Sie den Code unten ein, wenn Sie danach gefragt werden.
launch-step-3 = Kommen Sie hierher zurück. Den Rest erledigen wir.
launch-host = Sie gehen zu { $host }. Prüfen Sie, dass diese Adresse zu sehen ist, bevor Sie sich anmelden.
launch-host-website = Die Website ist { $host }. Prüfen Sie, dass diese Adresse zu sehen ist, bevor Sie sich anmelden.
launch-app = App von { $issuer } öffnen
launch-app-android = Android-App öffnen
launch-app-ios = iPhone-App öffnen
launch-app-only = Nur die App öffnen
launch-have-app = Ich habe die App
launch-have-app-android = Ich habe die Android-App
launch-have-app-ios = Ich habe die iPhone-App
launch-noapp = Ich habe die App nicht
launch-web = Weiter auf der Website von { $issuer }
launch-web-plain = Weiter zu { $issuer }
launch-web-choice = Die Website verwenden
launch-forward = Sie werden zu { $issuer } weitergeleitet. Um hier zu bleiben, tippen Sie auf die Seite oder drücken Sie eine Taste.
launch-hint-app = Sie brauchen auf diesem Gerät die App von { $issuer } und müssen sich in ihr anmelden können.
launch-hint-noopen = Die App hat sich nicht geöffnet? Machen Sie stattdessen auf der Website weiter.
launch-hint-noopen-app = Die App hat sich nicht geöffnet? Prüfen Sie, ob sie installiert ist, und versuchen Sie es noch einmal.
launch-finished = Bei { $issuer } schon fertig? Jetzt prüfen
launch-other = Andere Bank wählen
launch-expiry = { $minutes ->
        [one] Sie haben etwa { $minutes } Minute Zeit. Danach beginnen Sie hier von vorn; es geht nichts verloren.
       *[other] Sie haben etwa { $minutes } Minuten Zeit. Danach beginnen Sie hier von vorn; es geht nichts verloren.
    }
launch-degraded = Bei { $issuer } gibt es Probleme. Sie können es versuchen, aber vielleicht klappt es nicht.
launch-down = { $issuer } ist gerade nicht verfügbar. Sie können es versuchen, aber wahrscheinlich klappt es nicht. Andere Banken funktionieren.
launch-not-this-phone = { $issuer } bietet das für Ihre Art von Smartphone nicht an.
launch-only-phone-app = Bei { $issuer } können Sie Karten nur in der Smartphone-App hinzufügen. Öffnen Sie { $wallet } auf Ihrem Smartphone und beginnen Sie dort. Die Karte wird auf Ihrem Smartphone hinzugefügt.
launch-robot = Öffnen Sie diese Seite in einem Browser, um Ihre Karte hinzuzufügen.

launch-phone-summary = Stattdessen das Smartphone verwenden
launch-phone-only = { $issuer } funktioniert nur in der Smartphone-App. Scannen Sie diesen Code, um auf Ihrem Smartphone weiterzumachen.
launch-phone-body = Scannen Sie diesen Code mit der Kamera Ihres Smartphones. { $wallet } öffnet sich auf dem Smartphone, und Sie beginnen dort. Die Karte wird auf Ihrem Smartphone hinzugefügt.
launch-phone-copy = Oder öffnen Sie auf Ihrem Smartphone diese Adresse: { $url }
launch-phone-close = Diese Seite auf Ihrem Computer können Sie schließen.
launch-phone-label = QR-Code, der { $wallet } auf Ihrem Smartphone öffnet

touch-title = Sie verwenden ein iPad
touch-body = Wenn Sie die App von { $issuer } darauf haben, fügen Sie Ihre Karte dort hinzu.
touch-noscript = Auf einem iPad: App von { $issuer } öffnen

escape-title = Öffnen Sie diese Seite zuerst in Ihrem Browser
escape-body = Sie sind in einem Browser innerhalb einer anderen App. Ihre Bank bringt Sie in den eigentlichen Browser Ihres Smartphones zurück, und der kann nicht abschließen, was Sie hier beginnen.
launch-hint-browser = Sie sind in einem Browser innerhalb einer anderen App. Öffnen Sie { $wallet } zuerst in Ihrem normalen Browser, damit { $issuer } Sie zurückbringen kann.
escape-menu = Öffnen Sie das Menü (⋯ oder ⋮) und wählen Sie „Im Browser öffnen“.
escape-menu-page = Gehen Sie zur { $page }, öffnen Sie dann das Menü (⋯ oder ⋮) und wählen Sie „Im Browser öffnen“.
escape-first-page = ersten Seite
escape-copy = Oder kopieren Sie diese Adresse und fügen Sie sie in Ihrem Browser ein.
escape-address = Zu öffnende Adresse
escape-copy-button = Kopieren
escape-copied = Kopiert

same-title = Ihr Code
same-asked = { $issuer } fragt Sie danach.
same-may-be-asked = { $issuer } fragt Sie vielleicht danach.
same-proof = Er zeigt, dass Sie selbst hier begonnen haben.
same-only-site = Geben Sie ihn nur auf { $host } ein.
same-only-app = Geben Sie ihn nur in der App von { $issuer } ein.
same-only-both = Geben Sie ihn nur auf { $host } oder in der App von { $issuer } ein.
same-never = Niemand sollte Sie jemals bitten, ihn vorzulesen.

wait-title = Warten auf { $issuer }
wait-body-app = Schließen Sie den Vorgang in der App von { $issuer } ab. Sie sollte Sie von selbst hierher zurückbringen. Wenn nicht, kehren Sie zu dieser Seite zurück.
wait-body-web = Schließen Sie den Vorgang auf der Website von { $issuer } ab. Sie sollte Sie von selbst hierher zurückbringen. Wenn nicht, kehren Sie zu dieser Seite zurück.
wait-body-both = Schließen Sie den Vorgang in der App von { $issuer } oder auf der Website ab. Sie sollten von selbst hierher zurückgebracht werden. Wenn nicht, kehren Sie zu dieser Seite zurück.
wait-body-any = Schließen Sie den Vorgang bei { $issuer } ab. Sie sollten von selbst hierher zurückgebracht werden. Wenn nicht, kehren Sie zu dieser Seite zurück.
wait-check = Ich bin bei { $issuer } fertig
wait-app-again = App noch einmal öffnen
wait-web-again = Stattdessen die Website verwenden
wait-web-there = Noch einmal dorthin gehen
wait-try-again = Noch einmal versuchen
wait-ways = Die Wege zu { $issuer } noch einmal zeigen
wait-hint-noopen = Die App hat sich nicht geöffnet? Verwenden Sie stattdessen die Website.
wait-nothing-yet = { $issuer } hat noch keine Antwort geschickt. Schließen Sie den Vorgang zuerst dort ab und prüfen Sie dann noch einmal.
wait-no-params = { $issuer } hat Sie ohne Antwort zurückgeschickt. Vielleicht haben Sie abgebrochen, oder dort ist etwas schiefgegangen.
wait-other-tab = Es geht in einem anderen Tab weiter. Sie können diesen schließen.
wait-elsewhere = { $issuer } hat Sie in einen anderen Browser zurückgebracht, darum konnten wir nicht abschließen. Verwenden Sie stattdessen die Website oder beginnen Sie im anderen Browser von vorn.
wait-elsewhere-app = { $issuer } hat Sie in einen anderen Browser zurückgebracht, darum konnten wir nicht abschließen. Beginnen Sie im anderen Browser von vorn.
wait-wrong-code = { $left ->
        [one] Die Antwort von { $issuer } enthielt nicht den Code unten, darum wurde nichts hinzugefügt. Gehen Sie noch einmal dorthin und geben Sie ihn genau so ein, wie er hier steht. Sie haben noch { $left } Versuch.
       *[other] Die Antwort von { $issuer } enthielt nicht den Code unten, darum wurde nichts hinzugefügt. Gehen Sie noch einmal dorthin und geben Sie ihn genau so ein, wie er hier steht. Sie haben noch { $left } Versuche.
    }

wait-digits = { $issuer } hat Sie in einen anderen Browser zurückgebracht. Dort stehen sechs Ziffern.
wait-digits-label = Die sechs Ziffern
wait-digits-hint = { $tries ->
        [one] Nur wenn Sie sie selbst sehen, auf einem Gerät von Ihnen. Sie haben einen Versuch.
       *[other] Nur wenn Sie sie selbst sehen, auf einem Gerät von Ihnen. Sie haben { $tries } Versuche.
    }
wait-digits-go = Hier weitermachen
wait-digits-empty = Geben Sie die sechs Ziffern ein
wait-digits-format = Der Code hat sechs Ziffern
wait-digits-wrong = Das sind nicht die Ziffern, die der andere Browser zeigt
wait-digits-spent = { $tries ->
        [one] Das waren nicht die richtigen Ziffern.
       *[other] Das waren { $tries }-mal nicht die richtigen Ziffern.
    } Was zurückkam, ist nicht mehr zu gebrauchen. Verwenden Sie stattdessen die Website oder beginnen Sie im anderen Browser von vorn.
wait-digits-spent-app = { $tries ->
        [one] Das waren nicht die richtigen Ziffern.
       *[other] Das waren { $tries }-mal nicht die richtigen Ziffern.
    } Was zurückkam, ist nicht mehr zu gebrauchen. Beginnen Sie im anderen Browser von vorn.

other-same-person = Sie haben in einem anderen Browser begonnen, eine Karte von { $issuer } hinzuzufügen. Zum Schutz Ihrer Karte machen wir hier nur mit derselben Person weiter.
other-nothing = In diesem Browser wurde keine Karte hinzugefügt.
other-signin = Hier anmelden und weitermachen
other-digits-title = Gehen Sie dorthin zurück, wo Sie begonnen haben
other-digits-body = Sie haben in einem anderen Browser begonnen. { $issuer } ist fertig. Gehen Sie zu jenem Tab zurück und geben Sie diese Ziffern ein:
other-digits-careful = Geben Sie sie nur auf der Seite ein, auf der Sie selbst begonnen haben. Weder { $issuer } noch wir werden Sie jemals danach fragen.
