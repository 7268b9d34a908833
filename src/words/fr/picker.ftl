# unreviewed

picker-title = Ajouter une carte de votre banque
picker-lede = Vous vous connectez auprès de votre banque, pas ici. Nous ne voyons jamais votre mot de passe.
picker-search-label = Trouver votre banque
picker-search-hint = Saisissez une partie du nom, dans n’importe quelle orthographe.
picker-country-label = Pays
picker-country-all = Tous les pays
picker-country-option = { $country } ({ $count })
picker-submit = Rechercher
picker-clear = Effacer la recherche
picker-count = { $total ->
        [one] { $total } banque
       *[other] { $total } banques
    }
picker-count-partial = { $shown } sur { $total ->
        [one] { $total } banque
       *[other] { $total } banques
    }
picker-count-query = { $total ->
        [0] Aucune banque trouvée pour « { $query } »
        [one] { $total } banque trouvée pour « { $query } »
       *[other] { $total } banques trouvées pour « { $query } »
    }
picker-count-query-partial = { $shown } sur { $total ->
        [one] { $total } banque trouvée
       *[other] { $total } banques trouvées
    } pour « { $query } »
picker-group-recent = Déjà utilisées
picker-recent-clear = Effacer cette liste
picker-group-popular = Les plus utilisées
picker-group-popular-country = Les plus utilisées : { $country }
picker-group-all = Toutes les banques
picker-group-all-country = Toutes les banques : { $country }
picker-group-results = Résultats
picker-more = Afficher { $count } de plus
picker-countries-two = { $first } et { $second }
picker-countries-more = { $first }, { $second } et { $count } autres
picker-badge-opens-app = Ouvre l’application
picker-badge-app = Application mobile uniquement
picker-badge-other-phone = Pas pour ce type de téléphone
picker-badge-other-device = Pas pour cet appareil
picker-badge-degraded = Rencontre des problèmes en ce moment
picker-badge-down = Indisponible en ce moment
picker-empty-query-title = Aucune banque ne correspond à « { $query } »
picker-empty-query-body = Vérifiez l’orthographe, ou cherchez dans tous les pays.
picker-empty-query-everywhere = Vérifiez l’orthographe.
picker-empty-query-all = Chercher dans tous les pays
picker-did-you-mean = Vouliez-vous dire { $suggestion } ?
picker-empty-country = Pour ce pays ({ $country }), aucune banque ne le propose encore.
picker-empty-all-title = Aucune banque n’est encore disponible
picker-empty-all-body = Chaque banque décide si elle le propose. Revenez plus tard.
picker-empty-device-title = Aucune banque ne peut être ouverte sur cet appareil
picker-missing-title = Ma banque n’est pas ici
picker-missing-body = Seules figurent les banques qui permettent d’ajouter ainsi des cartes Mastercard et Maestro. Si la vôtre n’y est pas, vous pouvez peut-être ajouter la carte depuis l’application de votre banque.
picker-missing-country = Pays affiché : { $country }. { $count ->
        [one] { $count } autre banque se trouve
       *[other] { $count } autres banques se trouvent
    } dans d’autres pays.
picker-missing-country-all = Afficher tous les pays
picker-missing-query = Chercher « { $query } » dans tous les pays
picker-missing-marked = Certaines banques n’ont qu’une application pour téléphone, ou pour un autre type de téléphone. Leur ligne l’indique.
picker-missing-hidden = { $count ->
        [one] { $count } banque n’est pas affichée, car elle ne peut pas être ouverte sur cet appareil.
       *[other] { $count } banques ne sont pas affichées, car elles ne peuvent pas être ouvertes sur cet appareil.
    } Cherchez votre banque sur votre téléphone.
picker-missing-health = Une banque qui rencontre des problèmes reste dans la liste, et sa ligne l’indique.
picker-stale = Cette liste a été mise à jour { $ago }.
picker-ago-minutes = { $count ->
        [one] il y a { $count } minute
       *[other] il y a { $count } minutes
    }
picker-ago-hours = { $count ->
        [one] il y a { $count } heure
       *[other] il y a { $count } heures
    }
picker-ago-days = { $count ->
        [one] il y a { $count } jour
       *[other] il y a { $count } jours
    }
picker-letters = Aller à une lettre
