# unreviewed

launch-title = Continuer vers { $issuer }
launch-title-phone = Vous avez besoin de l’application { $issuer }
launch-title-nothing = { $issuer } n’est pas disponible sur cet appareil
launch-step-1 = Connectez-vous à { $issuer }.
launch-step-2 = Choisissez la carte que vous souhaitez ajouter.
launch-step-code = Saisissez le code ci-dessous lorsqu’on vous le demande.
launch-step-3 = Revenez ici. Nous nous occupons du reste.
launch-host = Vous allez sur { $host }. Vérifiez que vous voyez bien cette adresse avant de vous connecter.
launch-host-website = Le site est { $host }. Vérifiez que vous voyez bien cette adresse avant de vous connecter.
launch-app = Ouvrir l’application { $issuer }
launch-app-android = Ouvrir l’application Android
launch-app-ios = Ouvrir l’application iPhone
launch-app-only = Ouvrir seulement l’application
launch-have-app = J’ai l’application
launch-have-app-android = J’ai l’application Android
launch-have-app-ios = J’ai l’application iPhone
launch-noapp = Je n’ai pas l’application
launch-web = Continuer sur le site de { $issuer }
launch-web-plain = Continuer vers { $issuer }
launch-web-choice = Utiliser le site
launch-forward = Nous vous dirigeons vers { $issuer }. Pour rester ici, touchez la page ou appuyez sur une touche.
launch-hint-app = Il vous faut l’application { $issuer } sur cet appareil, et vous devez pouvoir vous y connecter.
launch-hint-noopen = L’application ne s’est pas ouverte ? Continuez plutôt sur le site.
launch-hint-noopen-app = L’application ne s’est pas ouverte ? Vérifiez qu’elle est installée, puis réessayez.
launch-finished = Déjà terminé avec { $issuer } ? Vérifier maintenant
launch-other = Choisir une autre banque
launch-expiry = { $minutes ->
        [one] Vous avez environ { $minutes } minute. Ensuite, recommencez ici ; rien n’est perdu.
       *[other] Vous avez environ { $minutes } minutes. Ensuite, recommencez ici ; rien n’est perdu.
    }
launch-degraded = { $issuer } rencontre des problèmes. Vous pouvez essayer, mais cela pourrait ne pas fonctionner.
launch-down = { $issuer } n’est pas disponible pour le moment. Vous pouvez essayer, mais cela ne fonctionnera probablement pas. Les autres banques fonctionnent.
launch-not-this-phone = { $issuer } ne propose pas cela pour votre type de téléphone.
launch-only-phone-app = { $issuer } ne permet d’ajouter des cartes que depuis son application pour téléphone. Ouvrez { $wallet } sur votre téléphone et commencez là. La carte sera ajoutée sur votre téléphone.
launch-robot = Ouvrez cette page dans un navigateur pour ajouter votre carte.

launch-phone-summary = Utiliser plutôt votre téléphone
launch-phone-only = { $issuer } ne fonctionne que dans son application pour téléphone. Scannez ce code pour continuer sur votre téléphone.
launch-phone-body = Scannez ce code avec l’appareil photo de votre téléphone. { $wallet } s’ouvre sur votre téléphone et vous commencez là. La carte sera ajoutée sur votre téléphone.
launch-phone-copy = Ou ouvrez cette adresse sur votre téléphone : { $url }
launch-phone-close = Vous pouvez fermer cette page sur votre ordinateur.
launch-phone-label = Code QR qui ouvre { $wallet } sur votre téléphone

touch-title = Vous êtes sur un iPad
touch-body = Si l’application { $issuer } y est installée, ajoutez votre carte là.
touch-noscript = Sur un iPad : ouvrir l’application { $issuer }

escape-title = Ouvrez d’abord cette page dans votre navigateur
escape-body = Vous êtes dans un navigateur à l’intérieur d’une autre application. Votre banque vous ramène dans le navigateur habituel de votre téléphone, qui ne peut pas terminer ce que vous commencez ici.
launch-hint-browser = Vous êtes dans un navigateur à l’intérieur d’une autre application. Ouvrez d’abord { $wallet } dans votre navigateur habituel, pour que { $issuer } puisse vous ramener.
escape-menu = Ouvrez le menu (⋯ ou ⋮) et choisissez « Ouvrir dans le navigateur ».
escape-menu-page = Allez à { $page }, puis ouvrez le menu (⋯ ou ⋮) et choisissez « Ouvrir dans le navigateur ».
escape-first-page = la première page
escape-copy = Ou copiez cette adresse et collez-la dans votre navigateur.
escape-address = Adresse à ouvrir
escape-copy-button = Copier
escape-copied = Copié

same-title = Votre code
same-asked = { $issuer } vous le demandera.
same-may-be-asked = { $issuer } vous le demandera peut-être.
same-proof = Il montre que c’est bien vous qui avez commencé ici.
same-only-site = Ne le saisissez que sur { $host }.
same-only-app = Ne le saisissez que dans l’application { $issuer }.
same-only-both = Ne le saisissez que sur { $host } ou dans l’application { $issuer }.
same-never = Personne ne doit jamais vous demander de le lire à voix haute.

wait-title = En attente de { $issuer }
wait-body-app = Terminez dans l’application { $issuer }. Elle devrait vous ramener ici d’elle-même. Sinon, revenez à cette page.
wait-body-web = Terminez sur le site de { $issuer }. Il devrait vous ramener ici de lui-même. Sinon, revenez à cette page.
wait-body-both = Terminez dans l’application { $issuer } ou sur son site. Le retour ici devrait se faire automatiquement. Sinon, revenez à cette page.
wait-body-any = Terminez avec { $issuer }. Le retour ici devrait se faire automatiquement. Sinon, revenez à cette page.
wait-check = J’ai terminé avec { $issuer }
wait-app-again = Rouvrir l’application
wait-web-again = Utiliser plutôt le site
wait-web-there = Y retourner
wait-try-again = Réessayer
wait-ways = Afficher à nouveau les accès à { $issuer }
wait-hint-noopen = L’application ne s’est pas ouverte ? Utilisez plutôt le site.
wait-nothing-yet = { $issuer } n’a pas encore envoyé de réponse. Terminez d’abord là-bas, puis vérifiez à nouveau.
wait-no-params = { $issuer } vous a renvoyé ici sans réponse. Vous avez peut-être annulé, ou un problème est survenu là-bas.
wait-other-tab = Cela continue dans un autre onglet. Vous pouvez fermer celui-ci.
wait-elsewhere = { $issuer } vous a ramené dans un autre navigateur, nous n’avons donc pas pu terminer. Utilisez plutôt le site, ou recommencez dans l’autre navigateur.
wait-elsewhere-app = { $issuer } vous a ramené dans un autre navigateur, nous n’avons donc pas pu terminer. Recommencez dans l’autre navigateur.
wait-wrong-code = { $left ->
        [one] La réponse de { $issuer } ne contenait pas le code ci-dessous, rien n’a donc été ajouté. Retournez là-bas et saisissez-le exactement comme il est écrit ici. Il vous reste { $left } essai.
       *[other] La réponse de { $issuer } ne contenait pas le code ci-dessous, rien n’a donc été ajouté. Retournez là-bas et saisissez-le exactement comme il est écrit ici. Il vous reste { $left } essais.
    }

wait-digits = { $issuer } vous a ramené dans un autre navigateur. Il affiche six chiffres.
wait-digits-label = Les six chiffres
wait-digits-hint = { $tries ->
        [one] Seulement si vous les voyez vous-même, sur un appareil à vous. Vous avez { $tries } essai.
       *[other] Seulement si vous les voyez vous-même, sur un appareil à vous. Vous avez { $tries } essais.
    }
wait-digits-go = Continuer ici
wait-digits-empty = Saisissez les six chiffres
wait-digits-format = Le code comporte six chiffres
wait-digits-wrong = Ce ne sont pas les chiffres affichés par l’autre navigateur
wait-digits-spent = { $tries ->
        [one] Ce n’étaient pas les bons chiffres.
       *[other] Ce n’étaient pas les bons chiffres, { $tries } fois de suite.
    } Ce qui était revenu n’est plus utilisable. Utilisez plutôt le site, ou recommencez dans l’autre navigateur.
wait-digits-spent-app = { $tries ->
        [one] Ce n’étaient pas les bons chiffres.
       *[other] Ce n’étaient pas les bons chiffres, { $tries } fois de suite.
    } Ce qui était revenu n’est plus utilisable. Recommencez dans l’autre navigateur.

other-same-person = Vous avez commencé à ajouter une carte { $issuer } dans un autre navigateur. Pour protéger votre carte, nous ne continuons ici qu’avec la même personne.
other-nothing = Aucune carte n’a été ajoutée dans ce navigateur.
other-signin = Se connecter ici pour continuer
other-digits-title = Retournez là où vous avez commencé
other-digits-body = Vous avez commencé dans un autre navigateur. { $issuer } a terminé. Retournez à cet onglet et saisissez ces chiffres :
other-digits-careful = Ne les saisissez que sur la page où vous avez vous-même commencé. Ni { $issuer } ni nous ne vous les demanderons jamais.
