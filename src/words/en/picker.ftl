# The page on which an issuer is chosen.

picker-title = Add a card from your bank
picker-lede = You’ll sign in with your bank, not here. We never see your password.
picker-search-label = Find your bank
picker-search-hint = Type part of the name, in any spelling.
picker-country-label = Country
picker-country-all = All countries
picker-country-option = { $country } ({ $count })
picker-submit = Search
picker-clear = Clear search
picker-count = { $total ->
        [one] { $total } issuer
       *[other] { $total } issuers
    }
picker-count-partial = Showing { $shown } of { $total ->
        [one] { $total } issuer
       *[other] { $total } issuers
    }
picker-count-query = { $total ->
        [0] No issuers found for “{ $query }”
        [one] 1 issuer found for “{ $query }”
       *[other] { $total } issuers found for “{ $query }”
    }
picker-count-query-partial = Showing { $shown } of { $total ->
        [one] { $total } issuer
       *[other] { $total } issuers
    } found for “{ $query }”
picker-group-recent = Used before
picker-recent-clear = Clear this list
picker-group-popular = Popular
picker-group-popular-country = Popular in { $country }
picker-group-all = All issuers
picker-group-all-country = All issuers in { $country }
picker-group-results = Results
picker-more = Show { $count } more
picker-countries-two = { $first } and { $second }
picker-countries-more = { $first }, { $second } and { $count } more
picker-badge-opens-app = Opens the app
picker-badge-app = Phone app only
picker-badge-other-phone = Not for this kind of phone
picker-badge-other-device = Not for this device
picker-badge-degraded = Having problems right now
picker-badge-down = Not available right now
picker-empty-query-title = No issuer matches “{ $query }”
picker-empty-query-body = Check the spelling, or look in all countries.
picker-empty-query-everywhere = Check the spelling.
picker-empty-query-all = Search all countries
picker-did-you-mean = Did you mean { $suggestion }?
picker-empty-country = No issuers in { $country } offer this yet.
picker-empty-all-title = No issuers are available yet
picker-empty-all-body = Banks decide whether they offer this. Check again later.
picker-empty-device-title = No issuers can be opened on this device
picker-missing-title = My bank isn’t here
picker-missing-body = Only banks that let you add Mastercard and Maestro cards this way are listed. If yours isn’t, you may still be able to add the card from inside your bank’s own app.
picker-missing-country = You’re looking at { $country }. { $count ->
        [one] { $count } more issuer is
       *[other] { $count } more issuers are
    } in other countries.
picker-missing-country-all = Show all countries
picker-missing-query = Search for “{ $query }” in all countries
picker-missing-marked = Some banks only have an app for phones, or for another kind of phone. Their row says so.
picker-missing-hidden = { $count ->
        [one] { $count } issuer isn’t listed because it can’t be opened on this device.
       *[other] { $count } issuers aren’t listed because they can’t be opened on this device.
    } Look for your bank on your phone.
picker-missing-health = A bank that has problems right now stays in the list, and its row says so.
picker-stale = This list was last updated { $ago }.
picker-ago-minutes = { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
picker-ago-hours = { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
picker-ago-days = { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
picker-letters = Jump to a letter
