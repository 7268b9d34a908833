# unreviewed

help-title = Aide
help-how-title = Comment ajouter une carte
help-how-choose = Vous choisissez votre banque dans la liste.
help-how-sign-in = Vous vous connectez à votre banque, dans son application ou sur son site web, et vous y choisissez une carte.
help-how-check = Votre banque vous renvoie ici. Nous vérifions avec Mastercard que la réponse est authentique.
help-how-terms = Vous lisez et acceptez les conditions de votre banque. Si votre banque le demande, vous confirmez que c’est bien vous.
help-how-time = L’ajout d’une carte doit être terminé en { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. Si cela prend plus de temps, recommencez ; rien n’est perdu et rien n’est débité.
help-app-title = L’application de ma banque ne m’a pas ramené ici
help-app-body = Ouvrez de nouveau { $wallet } dans le navigateur où vous avez commencé. Ce qui est encore en cours apparaît avec vos cartes.
help-browser-title = Je suis revenu dans un autre navigateur
help-browser-body = Pour protéger votre carte, nous ne terminons que là où vous avez commencé. Recommencez dans le navigateur que votre banque ouvre, ou utilisez le site web de la banque au lieu de son application.
help-code-title = Aucun code n’est arrivé
help-code-body = Cela peut prendre quelques minutes. Vous pouvez le demander de nouveau sur la page où vous le saisissez. Si cela ne suffit pas, appelez votre banque : le numéro figure au dos de votre carte.
help-message-title = J’ai reçu un message au sujet d’une carte que je n’ai pas ajoutée
help-message-body = Appelez votre banque immédiatement.
privacy-title = Confidentialité
privacy-body = { $wallet } ne voit ni le numéro de votre carte ni votre mot de passe. Un cookie est conservé pour { $host } : il garantit que la carte arrive dans votre portefeuille et non dans celui de quelqu’un d’autre. Ce que vous choisissez ici, comme la langue et le pays, et les banques que vous avez utilisées ne sont mémorisés que dans ce navigateur, dans d’autres cookies. Aucune page ne charge quoi que ce soit venant d’ailleurs.
accessibility-title = Accessibilité
accessibility-body = Chaque page fonctionne au clavier, avec un lecteur d’écran, avec un zoom de 400 % et sans JavaScript. Si quelque chose ne fonctionne pas pour vous, dites-nous de quelle page il s’agissait.

language-title = Langue
language-choose = Choisissez votre langue
language-unreviewed = Traduction pas encore relue
language-banks = Les noms et les conditions des banques sont affichés dans la langue que la banque utilise.
theme-choose = Couleurs
theme-system = Comme le système
theme-light = Clair
theme-dark = Sombre
language-save = Enregistrer

error-gateway-title = { $wallet } est injoignable
error-gateway-body = Quelque chose ne fonctionne pas entre vous et nous. Vos cartes sont en sécurité. Réessayez dans une minute.
error-unavailable-title = Nous ne pouvons pas répondre pour le moment
error-unavailable-body = Trop de personnes sont connectées à la fois, ou une mise à jour est en cours. Vos cartes sont en sécurité. Réessayez dans une minute.
