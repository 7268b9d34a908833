# unreviewed

## Waiting for us
verify-title = Vérification de votre carte
adding-title = Ajout de votre carte
code-checking = Vérification de votre code
verify-step-received = Réponse de { $issuer } reçue
verify-step-genuine = Vérification de son authenticité
verify-step-ready = Préparation de votre carte
verify-state-done = terminé
verify-state-now = en cours
verify-state-todo = pas encore commencé
verify-status = Étape { $n } sur 3 : { $step }.
verify-code = { $issuer } vérifie le code.
verify-hint = Cela prend en général quelques secondes. Vous pouvez laisser cette page ouverte.
verify-slow = Cela prend plus de temps que d’habitude. Nous attendons Mastercard. Vous n’avez rien à faire.
verify-very-slow = Nous attendons encore une réponse de Mastercard. Vous pouvez quitter cette page : nous continuons d’essayer et afficherons le résultat avec vos cartes.
verify-retrying = { $issuer } a fait sa part. Nous attendons Mastercard et continuerons d’essayer pendant { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. Vous n’avez pas besoin de vous reconnecter.
verify-doubt = La réponse s’est perdue en route. Nous vérifions auprès de Mastercard ce qu’est devenue votre carte. Elle n’est jamais ajoutée deux fois.
verify-leave = Vous pouvez quitter cette page : nous continuons d’essayer et afficherons le résultat avec vos cartes.
verify-check = Vérifier de nouveau

## Terms
terms-title = Conditions de { $issuer } pour utiliser cette carte dans un portefeuille numérique
terms-lede = { $issuer } vous demande d’accepter ces conditions avant l’ajout de la carte.
terms-lede-several = { $issuer } vous demande d’accepter ces conditions avant l’ajout { $cards ->
        [one] de { $cards } carte
       *[other] des { $cards } cartes
    }.
terms-skip = Aller directement aux boutons
terms-contents = Sommaire
terms-language = { $issuer } fournit ces conditions dans cette langue : { $language }.
terms-text = Conditions de { $issuer }
terms-print = Imprimer
terms-pdf-only = { $issuer } fournit ces conditions sous forme de fichier PDF. Ouvrez-le et lisez-le avant d’accepter.
terms-pdf-open = Ouvrir les conditions (PDF, { $size })
terms-size = { $kilobytes } ko
terms-accept = Accepter et ajouter la carte
terms-accept-several = Accepter et ajouter les cartes
terms-decline = Ne pas accepter
terms-changed = { $issuer } a modifié les conditions pendant votre lecture. Veuillez lire la nouvelle version.

## Choosing how to confirm
method-title = Confirmez qu’il s’agit bien de vous
method-lede = { $issuer } veut vérifier que cette carte est la vôtre. Choisissez comment.
method-lede-ending = { $issuer } veut vérifier que la carte se terminant par { $digits } est la vôtre. Choisissez comment.
method-text = SMS au { $value }
method-email = E-mail à { $value }
method-call-auto = Appeler le { $value } et écouter un code
method-call-agent = Appeler { $issuer } au { $value }
method-issuer-calls = Recevoir un appel de { $issuer } au { $value }
method-website = Se connecter au site web de { $issuer }
method-app = Utiliser l’application de { $issuer }
method-continue = Continuer
method-later = Le faire plus tard
method-error-none = Choisissez comment { $issuer } doit confirmer qu’il s’agit de vous
method-later-note = La carte reste dans votre portefeuille jusqu’à votre confirmation. Vous ne pouvez pas payer avec elle avant.
method-not-sent = Aucun code ne peut être envoyé de cette façon pour le moment. Choisissez un autre moyen.
method-expired = Ce code a expiré. Choisissez comment en recevoir un nouveau.
method-unsure = Nous ne savons pas si votre dernier code a compté. Choisissez comment continuer.

## The code
code-title = Saisissez le code de { $issuer }
code-sent-text = { $issuer } envoie un code par SMS au { $value }.
code-sent-email = { $issuer } envoie un code par e-mail à { $value }.
code-sent-call = Appelez le { $value }. Vous entendrez un code.
code-card = Il concerne votre carte se terminant par { $digits }.
code-label = Code
code-hint = Il peut mettre une minute à arriver.
code-hint-call = Préparez de quoi noter.
code-submit = Confirmer le code
code-resend = Renvoyer le code
code-resend-wait = Vous pourrez le redemander dans { $seconds ->
        [one] { $seconds } seconde
       *[other] { $seconds } secondes
    }.
code-resend-now = Vous pouvez maintenant le redemander.
code-resent = { $issuer } renvoie le code. Si vous en recevez deux, ils sont identiques.
code-request-new = Demander un nouveau code
code-none-left = Aucun autre code ne peut être envoyé pour cette carte. Si vous n’en avez reçu aucun, appelez { $issuer }.
code-other = Utiliser un autre moyen
code-error-empty = Saisissez le code
code-error-format = Un code ne contient que des lettres et des chiffres, { $max } au maximum. Saisissez-le tel que vous l’avez reçu.
code-error-wrong = Ce code n’est pas le bon. { $left ->
        [one] Il vous reste { $left } essai.
       *[other] Il vous reste { $left } essais.
    }
code-error-wrong-last = Ce code n’est pas le bon.
code-error-expired = Ce code a expiré. Demandez-en un nouveau.
code-error-not-sent = Le code n’a pas pu être envoyé. Redemandez-le ou utilisez un autre moyen.
code-error-unsure = Nous ne savons pas si votre dernier essai a compté. Saisissez de nouveau le code.
code-error-not-tried = Nous n’avons pas pu vérifier le code pour le moment. Cela ne compte pas comme un essai. Saisissez-le de nouveau.

## Waiting for the issuer
await-title = En attente de la confirmation de { $issuer }
await-body = Votre carte est dans le portefeuille. Vous pourrez l’utiliser quand { $issuer } saura qu’il s’agit bien de vous.
await-agent = Appelez { $issuer } au { $value } et dites que vous ajoutez votre carte à { $wallet }. Cette page changera dès la confirmation.
await-callback = { $issuer } vous appellera au { $value }. Cette page changera dès la confirmation.
await-website = Connectez-vous au site web de { $issuer } et confirmez-y.
await-website-go = Aller sur le site web de { $issuer }
await-app = Ouvrez l’application de { $issuer } et confirmez-y.
await-check = Vérifier de nouveau
await-later = Vous pouvez quitter cette page. La carte reste dans votre portefeuille jusque-là, et vous ne pouvez pas payer avec elle avant.

## Success
done-title = Carte ajoutée
done-title-several = Cartes ajoutées
done-body = Votre carte { $issuer } se terminant par { $digits } est prête à l’emploi dans { $wallet }.
done-body-plain = Votre carte { $issuer } est prête à l’emploi dans { $wallet }.
done-body-several = { $cards ->
        [one] { $cards } carte de { $issuer } est dans { $wallet }.
       *[other] { $cards } cartes de { $issuer } sont dans { $wallet }.
    }
done-note = { $issuer } vous enverra peut-être un message indiquant que cette carte a été ajoutée. Si vous en recevez un pour une carte que vous n’avez pas ajoutée, appelez cet établissement.
done-another = Ajouter une autre carte
