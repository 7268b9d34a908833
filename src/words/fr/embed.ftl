# unreviewed

back-to-host = Revenir à { $host }
foreign-host-title = Nous ne pouvons pas utiliser ce lien
foreign-host-body = Le lien qui vous a amené ici indique une page de retour, et nous ne pouvons pas vous y conduire. Rien n’a été modifié. Vous pouvez tout de même ajouter une carte.
foreign-host-rule = Pour les auteurs du lien (en anglais) : { $rule }.
foreign-origin-title = Cette origine n’est pas enregistrée
foreign-origin-body = Les scripts des origines enregistrées peuvent lire ceci. L’exploitant du portefeuille les enregistre sous embed.origins.
