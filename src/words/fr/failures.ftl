# unreviewed

## Ways onward
fail-try-again = Réessayer
fail-start-again = Recommencer
fail-start-again-with = Recommencer avec { $issuer }
fail-other-card = Choisir une autre carte
fail-other-bank = Choisir une autre banque
fail-call = Appeler { $issuer } au { $phone }
fail-later = Réessayez dans quelques minutes.
fail-see-where = Voir où cela en est
fail-see-code = Voir votre code et réessayer
fail-sign-in = Se reconnecter

## How an attempt ends
f01-title = Vous vous êtes arrêté avant l’ajout de la carte
f01-body = Ce n’est pas un problème. { not-added }
f03-title = La réponse de { $issuer } est arrivée trop tard
f03-body = Pour votre sécurité, la réponse d’une banque n’est valable qu’une fois, et quelques minutes seulement. { not-added }
f04-title = { $issuer } n’a aucune carte que vous puissiez ajouter
f04-body = Vous n’avez peut-être pas de carte utilisable dans un portefeuille numérique, ou { $issuer } n’a pas pu vous connecter. { not-added }
f04-item-1 = Connectez-vous à { $issuer } avec le compte auquel votre carte est rattachée.
f04-item-2 = Demandez à { $issuer } si votre carte peut être utilisée dans un portefeuille numérique.
f05-title = { $issuer } n’a pas approuvé cette carte
f05-body = La raison ne nous a pas été donnée. { not-added }
f05-item-1 = Choisissez une autre carte de { $issuer }.
f05-item-2 = Demandez à { $issuer } si cette carte peut être utilisée dans un portefeuille numérique.
f06-title = Cette carte est déjà dans votre portefeuille
f06-body = Votre carte { $issuer } se terminant par { $digits } a déjà été ajoutée. Vous n’avez rien à faire.
f06-body-plain = Votre carte { $issuer } a déjà été ajoutée. Vous n’avez rien à faire.
f06-go = Voir cette carte
f08-title = { $issuer } n’est pas disponible pour le moment
f08-body = Le problème vient de { $issuer }. Les autres banques fonctionnent toujours. { not-added }
f10-title = Nous ne pouvons pas terminer la vérification de votre carte pour le moment
f10-gave-up = Mastercard n’a pas répondu à temps. { not-added }
f16-title = Trop de codes erronés
f16-body = Pour protéger votre carte, { $issuer } n’accepte plus de codes pour l’instant. La carte est dans votre portefeuille mais ne peut pas encore être utilisée.
f18-title = { $issuer } a suspendu cette carte
f18-body = Elle a été ajoutée, mais vous ne pouvez pas payer avec elle. Seul { $issuer } peut changer cela.
f19-title = Les conditions de { $issuer } ne peuvent pas être affichées pour le moment
f19-body = La carte ne peut donc pas être ajoutée. Réessayez dans quelques minutes. { not-added }
gone-title = Cette carte n’est plus dans votre portefeuille
gone-body = Elle a été ajoutée, puis retirée plus tard. Vous pouvez l’ajouter de nouveau.
match-title = Trop de codes erronés
match-body = La réponse de { $issuer } ne contenait pas le code que nous avons affiché ici. { not-added }
refused-title = Cette carte ne peut pas être ajoutée pour le moment
refused-body = Mastercard n’a pas accepté la demande. Ce n’est pas de votre faute. { not-added }
nothing-title = La carte n’a pas été ajoutée
nothing-body = La réponse s’est perdue en route. Nous avons demandé à Mastercard : rien n’a été ajouté. { not-added }
unclear-title = Nous ne savons pas si la carte a été ajoutée
unclear-body = La réponse s’est perdue en route, et Mastercard ne nous a rien dit. Demandez à { $issuer } avant de réessayer.
expired-title = Cela a pris trop de temps
expired-body = Pour votre sécurité, l’ajout d’une carte doit être terminé en { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. { not-added }

## A return that is refused
f11-title = Nous n’avons pas pu confirmer que cela venait de votre banque
f11-body = Quelque chose dans la réponse a été modifié ou endommagé en route ; nous avons donc tout arrêté. { not-added }
f11-item-1 = Recommencez d’ici. N’utilisez pas de lien reçu par message ou par e-mail.
f11-item-2 = Si cela se reproduit, indiquez-nous la référence ci-dessous.
key-title = Nous n’avons pas encore pu confirmer que cela venait de votre banque
key-body = La réponse est signée avec une clé que nous ne connaissons pas encore, et nous allons la chercher. La carte n’a pas encore été ajoutée.
key-item-1 = Laissez cette page ouverte une minute. S’il ne se passe rien d’ici là, rechargez-la.
f12-title = Cette réponse appartient à une autre tentative
f12-body = Vous avez peut-être commencé plusieurs fois. { not-added }
f14-title = Nous ne savons pas de quoi il s’agit
f14-body = Une banque vous a envoyé ici, mais aucune carte n’est en cours d’ajout dans ce navigateur.
unreadable-title = Nous ne pouvons pas lire la réponse de votre banque
other-title = Vous êtes revenu dans un autre navigateur
other-body = Vous avez commencé à ajouter une carte { $issuer } dans un autre navigateur. Pour protéger votre carte, nous ne pouvons pas terminer ici. Aucune carte n’a été ajoutée dans ce navigateur.
other-why = L’application de { $issuer } ouvre ce navigateur. Si vous recommencez ici, elle vous ramènera au même endroit.
other-again = Recommencer dans ce navigateur
other-alt = Ou retournez au navigateur où vous avez commencé et choisissez-y le site web plutôt que l’application.
mismatch-title = Le code ne correspondait pas
mismatch-body = La réponse de { $issuer } ne contenait pas le code que nous avons affiché ici ; nous ne pouvons donc pas être sûrs que c’est vous qui vous y êtes connecté. { not-added }
mismatch-retype = Si vous avez fait une faute de frappe : retournez chez { $issuer } et saisissez-le exactement comme il est affiché ici.
mismatch-restart = Si vous avez fait une faute de frappe : recommencez. Vous recevrez un nouveau code.
mismatch-stop = Si quelqu’un vous a envoyé un lien vers { $issuer } ou vous a demandé le code : arrêtez. Cette personne veut peut-être votre carte dans son portefeuille. Prévenez { $issuer }.

## Everything else
notfound-title = Cette page n’est pas ici
notfound-body = L’adresse est peut-être ancienne ou mal saisie. Si vous étiez en train d’ajouter une carte, recommencez depuis vos cartes.
notfound-issuer-title = Cette banque n’est pas disponible ici
notfound-issuer-body = Elle ne propose peut-être plus ce service, ou le lien est erroné.
f09-title = Nous ne pouvons pas charger la liste des banques pour le moment
f09-body = Le service qui la fournit ne répond pas. Vos cartes fonctionnent toujours.
f17-title = Aucun autre code ne peut être envoyé
f17-body = Votre banque n’autorise que quelques codes par carte. Utilisez un autre moyen ou appelez-la.
f17-body-issuer = { $issuer } n’autorise que quelques codes par carte. Utilisez un autre moyen ou appelez cet établissement.
f22-title = Un problème est survenu de notre côté
f22-body = Si vous étiez en train d’ajouter une carte, vérifiez parmi vos cartes si cela a fonctionné avant de réessayer.
unavailable-title = Nous ne pouvons pas répondre pour le moment
unavailable-body = Vos cartes sont en sécurité. Réessayez dans une minute.
f25-title = Votre navigateur bloque un cookie dont nous avons besoin
f25-body = Nous utilisons un cookie pour que la carte arrive dans votre portefeuille et non dans celui d’un autre. Autorisez les cookies pour { $host }, puis réessayez.
f25-title-stale = Cette page est restée ouverte trop longtemps
f25-body-stale = Nous n’avons pas pu vérifier que c’était bien vous. Rien n’a été modifié. Réessayez.
handoff-title = Ce lien ne peut plus être utilisé
handoff-body = Un lien de connexion ne fonctionne qu’une fois, pendant deux minutes seulement. Rien n’a été modifié.
moved-title = Cela a déjà avancé
moved-body = Rien n’a été fait deux fois.
input-title = Il manque quelque chose dans le formulaire, ou une valeur est erronée
unread-title = Nous ne pouvons pas lire cette demande
unread-body = L’adresse ou le formulaire est illisible. Rien n’a été modifié.
nothing-changed = Rien n’a été modifié.
method-not-allowed-title = Cette page ne peut pas être utilisée ainsi
timeout-title = L’envoi a pris trop de temps
timeout-body = Rien n’a été modifié. Réessayez.
too-large-title = C’était trop en une seule fois
address-too-long-title = Cette adresse est trop longue
unsupported-title = Nous ne pouvons pas lire ce type de formulaire
misdirected-title = Cette adresse n’est pas la nôtre
misdirected-body = La demande désignait un autre serveur. Rien n’a été modifié.
headers-title = Votre navigateur a envoyé trop de données
headers-body = Supprimer les cookies de ce site peut aider.
credential-title = L’identifiant d’accès manque ou est erroné
credential-body = Envoyez l’identifiant configuré dans un seul en-tête Authorization, comme jeton Bearer.
