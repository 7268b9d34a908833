# unreviewed

back-to-host = Zurück zu { $host }
foreign-host-title = Wir können diesen Link nicht verwenden
foreign-host-body = Der Link, der Sie hierher geführt hat, nennt eine Seite für den Rückweg, und dorthin können wir Sie nicht führen. Es wurde nichts geändert. Sie können trotzdem eine Karte hinzufügen.
foreign-host-rule = Für die Ersteller des Links (auf Englisch): { $rule }.
foreign-origin-title = Dieser Ursprung ist nicht registriert
foreign-origin-body = Skripte registrierter Ursprünge dürfen dies lesen. Der Betreiber der Wallet registriert sie unter embed.origins.
