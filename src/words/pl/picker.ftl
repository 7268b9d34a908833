# unreviewed

picker-title = Dodaj kartę ze swojego banku
picker-lede = Logujesz się w swoim banku, nie tutaj. Nigdy nie widzimy Twojego hasła.
picker-search-label = Znajdź swój bank
picker-search-hint = Wpisz część nazwy, w dowolnej pisowni.
picker-country-label = Kraj
picker-country-all = Wszystkie kraje
picker-country-option = { $country } ({ $count })
picker-submit = Szukaj
picker-clear = Wyczyść wyszukiwanie
picker-count = { $total ->
        [one] { $total } bank
        [few] { $total } banki
        [many] { $total } banków
       *[other] { $total } banku
    }
picker-count-partial = Widoczne: { $shown } z { $total ->
        [one] { $total } banku
        [few] { $total } banków
        [many] { $total } banków
       *[other] { $total } banku
    }
picker-count-query = { $total ->
        [0] Nie znaleziono banku dla „{ $query }”
        [one] Znaleziono { $total } bank dla „{ $query }”
        [few] Znaleziono { $total } banki dla „{ $query }”
        [many] Znaleziono { $total } banków dla „{ $query }”
       *[other] Znaleziono { $total } banku dla „{ $query }”
    }
picker-count-query-partial = Widoczne: { $shown } z { $total ->
        [one] { $total } banku znalezionego
        [few] { $total } banków znalezionych
        [many] { $total } banków znalezionych
       *[other] { $total } banku znalezionego
    } dla „{ $query }”
picker-group-recent = Używane wcześniej
picker-recent-clear = Wyczyść tę listę
picker-group-popular = Popularne
picker-group-popular-country = Popularne: { $country }
picker-group-all = Wszystkie banki
picker-group-all-country = Wszystkie banki: { $country }
picker-group-results = Wyniki
picker-more = Pokaż jeszcze { $count }
picker-countries-two = { $first } i { $second }
picker-countries-more = { $first }, { $second } i jeszcze { $count }
picker-badge-opens-app = Otwiera aplikację
picker-badge-app = Tylko aplikacja w telefonie
picker-badge-other-phone = Nie na ten rodzaj telefonu
picker-badge-other-device = Nie na to urządzenie
picker-badge-degraded = Ma teraz problemy
picker-badge-down = Teraz niedostępny
picker-empty-query-title = Żaden bank nie pasuje do „{ $query }”
picker-empty-query-body = Sprawdź pisownię albo poszukaj we wszystkich krajach.
picker-empty-query-everywhere = Sprawdź pisownię.
picker-empty-query-all = Szukaj we wszystkich krajach
picker-did-you-mean = Czy chodzi o { $suggestion }?
picker-empty-country = W tym kraju ({ $country }) żaden bank jeszcze tego nie oferuje.
picker-empty-all-title = Żaden bank nie jest jeszcze dostępny
picker-empty-all-body = Banki same decydują, czy to oferują. Sprawdź później.
picker-empty-device-title = Na tym urządzeniu nie można otworzyć żadnego banku
picker-missing-title = Nie ma tu mojego banku
picker-missing-body = Na liście są tylko banki, które pozwalają dodawać w ten sposób karty Mastercard i Maestro. Jeśli Twojego banku tu nie ma, kartę można może dodać w aplikacji tego banku.
picker-missing-country = Wybrany kraj: { $country }. { $count ->
        [one] W innych krajach jest jeszcze { $count } bank.
        [few] W innych krajach są jeszcze { $count } banki.
        [many] W innych krajach jest jeszcze { $count } banków.
       *[other] W innych krajach jest jeszcze { $count } banku.
    }
picker-missing-country-all = Pokaż wszystkie kraje
picker-missing-query = Szukaj „{ $query }” we wszystkich krajach
picker-missing-marked = Niektóre banki mają tylko aplikację na telefon albo na inny rodzaj telefonu. Informuje o tym ich wiersz.
picker-missing-hidden = { $count ->
        [one] { $count } bank nie jest widoczny, bo nie można go otworzyć na tym urządzeniu.
        [few] { $count } banki nie są widoczne, bo nie można ich otworzyć na tym urządzeniu.
        [many] { $count } banków nie widać, bo nie można ich otworzyć na tym urządzeniu.
       *[other] { $count } banku nie widać, bo nie można go otworzyć na tym urządzeniu.
    } Poszukaj swojego banku na telefonie.
picker-missing-health = Bank, który ma teraz problemy, pozostaje na liście, a jego wiersz o tym informuje.
picker-stale = Ta lista była ostatnio aktualizowana { $ago }.
picker-ago-minutes = { $count ->
        [one] { $count } minutę temu
        [few] { $count } minuty temu
        [many] { $count } minut temu
       *[other] { $count } minuty temu
    }
picker-ago-hours = { $count ->
        [one] { $count } godzinę temu
        [few] { $count } godziny temu
        [many] { $count } godzin temu
       *[other] { $count } godziny temu
    }
picker-ago-days = { $count ->
        [one] { $count } dzień temu
        [few] { $count } dni temu
        [many] { $count } dni temu
       *[other] { $count } dnia temu
    }
picker-letters = Przejdź do litery
