# unreviewed

picker-title = Karte Ihrer Bank hinzufügen
picker-lede = Sie melden sich bei Ihrer Bank an, nicht hier. Ihr Passwort sehen wir nie.
picker-search-label = Bank suchen
picker-search-hint = Geben Sie einen Teil des Namens ein, in beliebiger Schreibweise.
picker-country-label = Land
picker-country-all = Alle Länder
picker-country-option = { $country } ({ $count })
picker-submit = Suchen
picker-clear = Suche löschen
picker-count = { $total ->
        [one] { $total } Bank
       *[other] { $total } Banken
    }
picker-count-partial = { $shown } von { $total ->
        [one] { $total } Bank
       *[other] { $total } Banken
    } angezeigt
picker-count-query = { $total ->
        [0] Keine Bank für „{ $query }“ gefunden
        [one] 1 Bank für „{ $query }“ gefunden
       *[other] { $total } Banken für „{ $query }“ gefunden
    }
picker-count-query-partial = { $shown } von { $total ->
        [one] { $total } Bank
       *[other] { $total } Banken
    } für „{ $query }“ angezeigt
picker-group-recent = Zuletzt verwendet
picker-recent-clear = Diese Liste löschen
picker-group-popular = Beliebt
picker-group-popular-country = Beliebt: { $country }
picker-group-all = Alle Banken
picker-group-all-country = Alle Banken: { $country }
picker-group-results = Ergebnisse
picker-more = { $count } weitere anzeigen
picker-countries-two = { $first } und { $second }
picker-countries-more = { $first }, { $second } und { $count } weitere
picker-badge-opens-app = Öffnet die App
picker-badge-app = Nur mit der Smartphone-App
picker-badge-other-phone = Nicht für diese Art von Smartphone
picker-badge-other-device = Nicht für dieses Gerät
picker-badge-degraded = Hat im Moment Probleme
picker-badge-down = Im Moment nicht verfügbar
picker-empty-query-title = Keine Bank passt zu „{ $query }“
picker-empty-query-body = Prüfen Sie die Schreibweise, oder suchen Sie in allen Ländern.
picker-empty-query-everywhere = Prüfen Sie die Schreibweise.
picker-empty-query-all = In allen Ländern suchen
picker-did-you-mean = Meinten Sie { $suggestion }?
picker-empty-country = Für dieses Land ({ $country }) bietet das noch keine Bank an.
picker-empty-all-title = Noch ist keine Bank verfügbar
picker-empty-all-body = Jede Bank entscheidet selbst, ob sie das anbietet. Schauen Sie später wieder nach.
picker-empty-device-title = Auf diesem Gerät lässt sich keine Bank öffnen
picker-missing-title = Meine Bank fehlt
picker-missing-body = Aufgeführt sind nur Banken, bei denen Sie Mastercard- und Maestro-Karten auf diesem Weg hinzufügen können. Ist Ihre nicht dabei, können Sie die Karte vielleicht in der App Ihrer Bank hinzufügen.
picker-missing-country = Sie sehen dieses Land: { $country }. { $count ->
        [one] { $count } weitere Bank gibt
       *[other] { $count } weitere Banken gibt
    } es in anderen Ländern.
picker-missing-country-all = Alle Länder anzeigen
picker-missing-query = „{ $query }“ in allen Ländern suchen
picker-missing-marked = Manche Banken haben nur eine App für Smartphones oder für eine andere Art von Smartphone. Das steht dann in ihrer Zeile.
picker-missing-hidden = { $count ->
        [one] { $count } Bank ist nicht aufgeführt, weil sie sich auf diesem Gerät nicht öffnen lässt.
       *[other] { $count } Banken sind nicht aufgeführt, weil sie sich auf diesem Gerät nicht öffnen lassen.
    } Suchen Sie Ihre Bank auf Ihrem Smartphone.
picker-missing-health = Eine Bank, die im Moment Probleme hat, bleibt in der Liste, und ihre Zeile sagt es.
picker-stale = Diese Liste wurde zuletzt { $ago } aktualisiert.
picker-ago-minutes = { $count ->
        [one] vor { $count } Minute
       *[other] vor { $count } Minuten
    }
picker-ago-hours = { $count ->
        [one] vor { $count } Stunde
       *[other] vor { $count } Stunden
    }
picker-ago-days = { $count ->
        [one] vor { $count } Tag
       *[other] vor { $count } Tagen
    }
picker-letters = Zu einem Buchstaben springen
