# unreviewed

home-title = Ihre Karten
home-empty-title = Noch keine Karten
home-empty-body = Fügen Sie eine Karte hinzu, indem Sie sich bei der Bank anmelden, die sie ausgegeben hat. Die Kartennummer tippen Sie nicht ein.
home-push-body = Karten werden von Ihrer Bank aus hinzugefügt. Öffnen Sie die App oder Website Ihrer Bank und wählen Sie dort, dass eine Karte hierher kommen soll.
home-card-name = { $issuer }, Endziffern { $last4 }
home-card-ending = Endziffern { $last4 }
home-card-state-active = Kann benutzt werden
home-card-state-inactive = Wartet auf Ihren Code
home-card-state-waiting = Wartet auf die Bestätigung von { $issuer }
home-card-state-locked = Gesperrt nach zu vielen falschen Codes
home-card-state-suspended = Angehalten von { $issuer }
home-card-state-declined = Von { $issuer } nicht genehmigt
home-card-state-duplicate = Schon in Ihrer Wallet
home-card-state-deactivated = Entfernt
home-card-state-failed = Nicht hinzugefügt
home-card-state-adding = Wird hinzugefügt
home-card-state-doubt = Wir fragen bei Mastercard nach
home-pending = Ihre Karte von { $issuer } wird noch hinzugefügt.
home-pending-link = Den Stand ansehen
home-error = Wir können Ihre Karten gerade nicht laden. Ihre Karten sind sicher. Versuchen Sie es in einer Minute noch einmal.
home-retry = Noch einmal versuchen
sign-out = Abmelden

card-locked-title = Zu viele falsche Codes
card-locked-body = Zum Schutz Ihrer Karte nimmt { $issuer } vorerst keine Codes mehr an. Die Karte ist in Ihrer Wallet, kann aber noch nicht benutzt werden.
card-suspended-body = Mit dieser Karte können Sie zurzeit nicht bezahlen. Nur { $issuer } kann das ändern.
card-confirm = Bestätigen, dass Sie es sind
card-status = Stand
card-issuer = Bank
card-product = Karte
card-last4 = Nummer
card-phone = Telefon
card-website = Website
card-terms = Die Bedingungen, denen Sie zugestimmt haben
card-back = Zurück zur Karte
card-history = Wie diese Karte hinzugefügt wurde

issuer-title = Karte von { $issuer } hinzufügen
issuer-lede = Sie melden sich bei { $issuer } an, nicht hier. Ihr Passwort sehen wir nie.
issuer-phone-only = Bei { $issuer } lassen sich Karten nur mit der Smartphone-App hinzufügen.
issuer-not-this-phone = { $issuer } bietet das für diese Art von Smartphone nicht an.
issuer-not-this-device = { $issuer } bietet das für dieses Gerät nicht an.
issuer-static = Öffnen Sie diese Seite in einem Browser, um Ihre Karte hinzuzufügen.
issuer-tablet = Benutzen Sie ein Tablet, auf dem die App von { $issuer } ist? Dann können Sie hier anfangen.
issuer-start = Mit { $issuer } anfangen
issuer-start-tablet = Auf diesem Tablet anfangen
issuer-start-anyway = Trotzdem hier anfangen
issuer-other = Eine andere Bank wählen

app-title = Gehen Sie zurück in die App { $wallet }
app-body = Sie haben in der App begonnen, eine Karte hinzuzufügen, und der Rückweg von Ihrer Bank hat stattdessen in diesen Browser geführt. Hier wurde keine Karte hinzugefügt, und es wurde nichts abgebucht.
app-open = Öffnen Sie die App selbst. Sie zeigt, wie es um Ihre Karte steht.
app-again = Wenn Ihre Karte dort nicht zu sehen ist, fangen Sie in der App noch einmal an.
app-elsewhere = Wenn die App nicht auf diesem Gerät ist, öffnen Sie sie dort, wo Sie angefangen haben.
