# unreviewed
# A card after it was added: paused, gone on with, removed.

home-card-state-paused = Suspendue par vous
card-paused-body = Vous avez suspendu cette carte. Vous ne pourrez plus payer avec elle tant que vous ne l’aurez pas réactivée.
card-pause = Suspendre
card-resume = Réactiver
card-remove = Retirer
card-pausing = Nous demandons à Mastercard de suspendre cette carte.
card-resuming = Nous demandons à Mastercard de réactiver cette carte.
card-removing = Nous demandons à Mastercard de retirer cette carte.
card-change-doubt = La réponse s’est perdue en route. Nous vérifions auprès de Mastercard où en est cette carte. Rien n’est demandé deux fois.
card-change-not-done = Cela n’a pas fonctionné. Rien n’a été modifié. Réessayez dans un instant.
card-change-refused = Mastercard ne l’a pas permis. Le statut ci-dessous est à jour.
card-change-unclear = Nous n’avons jamais su si cela a fonctionné. Renseignez-vous auprès de { $issuer } si le statut ci-dessous vous semble faux.
card-remove-title = Retirer cette carte ?
card-remove-body = La carte disparaît de ce portefeuille et ne peut plus y être utilisée. Votre carte { $issuer } elle-même reste telle quelle, et vous pourrez l’ajouter de nouveau plus tard.
card-remove-keep = Garder la carte
