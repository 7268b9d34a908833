# unreviewed

push-title = { $count ->
        [one] Eine Karte von { $issuer } hinzufügen?
       *[other] { $count } Karten von { $issuer } hinzufügen?
    }
push-body = { $count ->
        [one] Ein Link, dem Sie gefolgt sind, möchte { $wallet } eine Karte hinzufügen.
       *[other] Ein Link, dem Sie gefolgt sind, möchte { $wallet } { $count } Karten hinzufügen.
    } Machen Sie nur weiter, wenn Sie das gerade selbst bei Ihrer Bank begonnen haben.
push-sent = Wenn Ihnen jemand den Link geschickt hat, wählen Sie „Jetzt nicht“: Die Karte könnte jemand anderem gehören.
push-unnamed = Der Link sagt nicht, von welcher Bank er kommt. Am Ende bleiben Sie hier.
push-unsigned = Der Link ist nicht signiert. Wir können deshalb nicht sagen, ob er wirklich von { $issuer } kommt. Am Ende bleiben Sie hier.
push-next = Es wird nichts hinzugefügt, bevor Sie die Bedingungen der Bank gelesen und angenommen haben.
push-accept = Weiter
push-decline = Jetzt nicht
push-your-bank = Ihre Bank
push-back = Zurück zu { $issuer }
push-back-site = Zurück zu { $issuer } ({ $site })
push-proof = Bei { $issuer } können Sie das bestätigen, wenn Sie dorthin zurückgehen.
push-over-title = Dieses Angebot gilt nicht mehr
push-over-body = Was { $issuer } geschickt hat, ist zu alt, wurde schon verwendet oder ist für eine andere Wallet bestimmt. Es wurde nichts hinzugefügt. Gehen Sie zurück zu { $issuer } und beginnen Sie dort noch einmal.
push-again = Um es noch einmal zu versuchen, gehen Sie zurück zu { $issuer } und beginnen Sie dort.
push-malformed-title = Wir können diesen Link nicht lesen
push-malformed-body = Er wurde unterwegs vielleicht verändert oder abgeschnitten. Es wurde nichts hinzugefügt.
push-misplaced-title = Dieser Link gehört nicht hierher
push-misplaced-body = Er sollte Sie zu einer Karte zurückbringen, die Sie schon hinzufügen. Es wurde nichts hinzugefügt. Machen Sie dort weiter, wo Sie begonnen haben.
push-not-signed-title = Dieser Link ist nicht signiert
push-not-signed-body = Der Link einer Bank zum Hinzufügen einer Karte muss von Mastercard signiert sein. Es wurde nichts hinzugefügt.
push-issuer-title = Wir wissen nicht, von welcher Bank dieser Link ist
push-issuer-body = Er ist von keiner Bank, die { $wallet } mit einem Link Karten hinzufügen kann. Es wurde nichts hinzugefügt, und wir schicken Sie nirgendwohin.
push-callback-title = Dieser Link führt an eine falsche Adresse zurück
push-callback-body = Die Adresse, an die er Sie zurückschicken will, ist nicht die der Bank. Es wurde nichts hinzugefügt, und wir schicken Sie nicht dorthin.
push-used-title = Dieser Link wurde schon verwendet
push-used-body = Die Karte darin wurde anderswo angenommen oder kann nicht mehr hinzugefügt werden. Hier wurde nichts hinzugefügt. Wenn Sie sie noch möchten, beginnen Sie bei Ihrer Bank noch einmal.
