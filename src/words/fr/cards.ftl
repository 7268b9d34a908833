# unreviewed

home-title = Vos cartes
home-empty-title = Aucune carte pour l’instant
home-empty-body = Ajoutez une carte en vous connectant à la banque qui l’a émise. Vous ne saisissez pas le numéro de la carte.
home-push-body = Les cartes s’ajoutent depuis votre banque. Ouvrez l’application ou le site de votre banque et choisissez d’ajouter une carte ici.
home-card-name = { $issuer }, se terminant par { $last4 }
home-card-ending = se terminant par { $last4 }
home-card-state-active = Prête à l’emploi
home-card-state-inactive = En attente de votre code
home-card-state-waiting = En attente de la confirmation de { $issuer }
home-card-state-locked = Bloquée après trop de codes erronés
home-card-state-suspended = Suspendue par { $issuer }
home-card-state-declined = Non acceptée par { $issuer }
home-card-state-duplicate = Déjà dans votre portefeuille
home-card-state-deactivated = Retirée
home-card-state-failed = Non ajoutée
home-card-state-adding = Ajout en cours
home-card-state-doubt = Nous vérifions auprès de Mastercard
home-pending = Votre carte { $issuer } est encore en cours d’ajout.
home-pending-link = Voir où cela en est
home-error = Nous ne pouvons pas afficher vos cartes pour le moment. Vos cartes sont en sécurité. Réessayez dans une minute.
home-retry = Réessayer
sign-out = Se déconnecter

card-locked-title = Trop de codes erronés
card-locked-body = Pour protéger votre carte, { $issuer } n’accepte plus de codes pour le moment. La carte est dans votre portefeuille, mais elle ne peut pas encore être utilisée.
card-suspended-body = Vous ne pouvez pas payer avec cette carte pour le moment. Seule la banque { $issuer } peut y remédier.
card-confirm = Confirmer que c’est bien vous
card-status = État
card-issuer = Banque
card-product = Carte
card-last4 = Numéro
card-phone = Téléphone
card-website = Site web
card-terms = Les conditions que vous avez acceptées
card-back = Revenir à la carte
card-history = Comment cette carte a été ajoutée

issuer-title = Ajouter une carte de { $issuer }
issuer-lede = Vous vous connecterez chez { $issuer }, pas ici. Nous ne voyons jamais votre mot de passe.
issuer-phone-only = { $issuer } ne permet d’ajouter des cartes que depuis son application mobile.
issuer-not-this-phone = { $issuer } ne propose pas cela pour votre type de téléphone.
issuer-not-this-device = { $issuer } ne propose pas cela pour votre appareil.
issuer-static = Ouvrez cette page dans un navigateur pour ajouter votre carte.
issuer-tablet = Utilisez-vous une tablette sur laquelle se trouve l’application { $issuer } ? Alors vous pouvez commencer ici.
issuer-start = Commencer avec { $issuer }
issuer-start-tablet = Commencer sur cette tablette
issuer-start-anyway = Commencer ici malgré tout
issuer-other = Choisir une autre banque

app-title = Retournez dans l’application { $wallet }
app-body = Vous avez commencé à ajouter une carte dans l’application, et le chemin de retour de votre banque a mené à ce navigateur. Aucune carte n’a été ajoutée ici et rien n’a été débité.
app-open = Ouvrez l’application vous-même. Elle indique où en est votre carte.
app-again = Si votre carte n’y figure pas, recommencez dans l’application.
app-elsewhere = Si l’application n’est pas sur cet appareil, ouvrez-la là où vous avez commencé.
