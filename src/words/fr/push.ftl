# unreviewed

push-title = { $count ->
        [one] Ajouter une carte de { $issuer } ?
       *[other] Ajouter { $count } cartes de { $issuer } ?
    }
push-body = { $count ->
        [one] Un lien que vous avez suivi veut ajouter une carte à { $wallet }.
       *[other] Un lien que vous avez suivi veut ajouter { $count } cartes à { $wallet }.
    } Continuez seulement si vous venez de le demander vous-même à votre banque.
push-sent = Si quelqu’un vous a envoyé ce lien, choisissez « Pas maintenant » : la carte pourrait être celle d’une autre personne.
push-unnamed = Le lien ne dit pas de quelle banque il vient. À la fin, vous restez ici.
push-unsigned = Le lien n’est pas signé : nous ne pouvons pas savoir s’il vient vraiment de { $issuer }. À la fin, vous restez ici.
push-next = Rien n’est ajouté avant que vous ayez lu et accepté les conditions de la banque.
push-accept = Continuer
push-decline = Pas maintenant
push-your-bank = Votre banque
push-back = Retour à { $issuer }
push-back-site = Retour à { $issuer } ({ $site })
push-proof = { $issuer } vous permet de le confirmer quand vous y retournez.
push-over-title = Cette proposition n’est plus valable
push-over-body = Ce que { $issuer } a envoyé est trop ancien, a déjà servi ou est destiné à un autre portefeuille. Rien n’a été ajouté. Retournez chez { $issuer } et recommencez là-bas.
push-again = Pour réessayer, retournez chez { $issuer } et recommencez là-bas.
push-malformed-title = Nous ne pouvons pas lire ce lien
push-malformed-body = Il a peut-être été modifié ou coupé en chemin. Rien n’a été ajouté.
push-misplaced-title = Ce lien n’a pas sa place ici
push-misplaced-body = Il devait vous ramener à une carte que vous étiez déjà en train d’ajouter. Rien n’a été ajouté. Continuez là où vous avez commencé.
push-not-signed-title = Ce lien n’est pas signé
push-not-signed-body = Le lien d’une banque pour ajouter une carte doit être signé par Mastercard. Rien n’a été ajouté.
push-issuer-title = Nous ne savons pas de quelle banque vient ce lien
push-issuer-body = Il ne vient pas d’une banque qui peut ajouter des cartes à { $wallet } par un lien. Rien n’a été ajouté, et nous ne vous envoyons nulle part.
push-callback-title = Ce lien ramène à une mauvaise adresse
push-callback-body = L’adresse à laquelle il veut vous renvoyer n’est pas celle de la banque. Rien n’a été ajouté, et nous ne vous y envoyons pas.
push-used-title = Ce lien a déjà servi
push-used-body = La carte qu’il contient a été acceptée ailleurs ou ne peut plus être ajoutée. Rien n’a été ajouté ici. Si vous la voulez encore, recommencez auprès de votre banque.
