# unreviewed

skip-link = Aller au contenu principal
language-link =
    .aria-label = Langue : { $language }. Changer de langue
footer-label = À propos de ce site
footer-help = Aide
footer-privacy = Confidentialité
footer-accessibility = Accessibilité
demo-ribbon = Démonstration. Rien n’est réel ici : ni banque, ni carte, ni argent.
demo-scenario = Scénario de démonstration : { $name }
legal-marks = Mastercard et Maestro sont des marques déposées de Mastercard International Incorporated.
legal-demo = { $wallet } est une démonstration, sans lien avec Mastercard ni avec aucune banque.
page-title = { $page } – { $wallet }
back-home = Voir vos cartes
get-help = Obtenir de l’aide
cancel-attempt = Annuler
    .aria-label = Annuler l’ajout de cette carte
error-title = Erreur : { $page }
error-summary-title = Il y a un problème
reference-line = Référence pour l’assistance : { $reference }
offline-banner = Vous êtes hors ligne. Cette page reprendra dès que vous serez reconnecté.
opening-next = Terminé. Ouverture de l’étape suivante.
what-now = Ce que vous pouvez faire
not-added = La carte n’a pas été ajoutée et rien n’a été débité.
add-a-card = Ajouter une carte de votre banque
time-left = Il vous reste environ { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }.
