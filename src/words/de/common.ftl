# unreviewed

skip-link = Zum Hauptinhalt springen
language-link =
    .aria-label = Sprache: { $language }. Sprache ändern
footer-label = Über diese Website
footer-help = Hilfe
footer-privacy = Datenschutz
footer-accessibility = Barrierefreiheit
demo-ribbon = Demo. Nichts hier ist echt: keine Bank, keine Karte, kein Geld.
demo-scenario = Demo-Szenario: { $name }
legal-marks = Mastercard und Maestro sind eingetragene Marken von Mastercard International Incorporated.
legal-demo = { $wallet } ist eine Demonstration und steht in keiner Verbindung zu Mastercard oder zu einer Bank.
page-title = { $page } – { $wallet }
back-home = Zu Ihren Karten
get-help = Hilfe
cancel-attempt = Abbrechen
    .aria-label = Abbrechen: diese Karte nicht hinzufügen
error-title = Fehler: { $page }
error-summary-title = Es gibt ein Problem
reference-line = Referenz für den Support: { $reference }
offline-banner = Sie sind offline. Diese Seite macht weiter, sobald Sie wieder verbunden sind.
opening-next = Fertig. Der nächste Schritt wird geöffnet.
what-now = Was Sie tun können
not-added = Die Karte wurde nicht hinzugefügt, und es wurde nichts abgebucht.
add-a-card = Karte Ihrer Bank hinzufügen
time-left = Sie haben noch etwa { $minutes ->
        [one] { $minutes } Minute
       *[other] { $minutes } Minuten
    }.
