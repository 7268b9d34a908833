# unreviewed

help-title = Hilfe
help-how-title = So wird eine Karte hinzugefügt
help-how-choose = Sie wählen Ihre Bank in der Liste.
help-how-sign-in = Sie melden sich bei Ihrer Bank an, in ihrer App oder auf ihrer Website, und wählen dort eine Karte.
help-how-check = Ihre Bank schickt Sie hierher zurück. Wir prüfen mit Mastercard, dass die Antwort echt ist.
help-how-terms = Sie lesen die Bedingungen Ihrer Bank und stimmen ihnen zu. Wenn Ihre Bank es verlangt, bestätigen Sie, dass Sie es sind.
help-how-time = Das Hinzufügen muss innerhalb von { $minutes ->
        [one] { $minutes } Minute
       *[other] { $minutes } Minuten
    } abgeschlossen sein. Wenn es länger dauert, fangen Sie noch einmal an; nichts geht verloren, und nichts wird abgebucht.
help-app-title = Die App meiner Bank hat mich nicht zurückgebracht
help-app-body = Öffnen Sie { $wallet } noch einmal in dem Browser, in dem Sie angefangen haben. Bei Ihren Karten steht, was noch läuft.
help-browser-title = Ich bin in einem anderen Browser zurückgekommen
help-browser-body = Zum Schutz Ihrer Karte schließen wir nur dort ab, wo Sie angefangen haben. Fangen Sie in dem Browser noch einmal an, den Ihre Bank öffnet, oder benutzen Sie die Website der Bank statt ihrer App.
help-code-title = Es ist kein Code angekommen
help-code-body = Es kann ein paar Minuten dauern. Auf der Seite, auf der Sie ihn eingeben, können Sie ihn noch einmal anfordern. Wenn das nicht hilft, rufen Sie Ihre Bank an: Die Nummer steht auf der Rückseite Ihrer Karte.
help-message-title = Ich habe eine Nachricht über eine Karte bekommen, die ich nicht hinzugefügt habe
help-message-body = Rufen Sie sofort Ihre Bank an.
privacy-title = Datenschutz
privacy-body = { $wallet } sieht weder Ihre Kartennummer noch Ihr Passwort. Für { $host } wird ein Cookie gespeichert, das dafür sorgt, dass eine Karte in Ihrer Wallet landet und nicht in der eines anderen. Was Sie hier wählen, zum Beispiel Sprache und Land, und welche Banken Sie verwendet haben, wird nur in diesem Browser in eigenen Cookies gespeichert. Keine Seite lädt etwas von anderen Anbietern.
accessibility-title = Barrierefreiheit
accessibility-body = Jede Seite funktioniert mit der Tastatur, mit einem Screenreader, bei 400 % Vergrößerung und ohne JavaScript. Wenn etwas für Sie nicht funktioniert, sagen Sie uns, welche Seite es war.

language-title = Sprache
language-choose = Wählen Sie Ihre Sprache
language-unreviewed = Übersetzung noch nicht geprüft
language-banks = Namen und Bedingungen der Banken werden in der Sprache gezeigt, die die Bank benutzt.
theme-choose = Farben
theme-system = Wie im System
theme-light = Hell
theme-dark = Dunkel
language-save = Speichern

error-gateway-title = { $wallet } ist nicht zu erreichen
error-gateway-body = Auf dem Weg zwischen Ihnen und uns funktioniert etwas nicht. Ihre Karten sind sicher. Versuchen Sie es in einer Minute noch einmal.
error-unavailable-title = Wir können gerade nicht antworten
error-unavailable-body = Es sind zu viele gleichzeitig hier, oder wir werden gerade aktualisiert. Ihre Karten sind sicher. Versuchen Sie es in einer Minute noch einmal.
