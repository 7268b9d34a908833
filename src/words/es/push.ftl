# unreviewed

push-title = { $count ->
        [one] ¿Añadir una tarjeta de { $issuer }?
       *[other] ¿Añadir { $count } tarjetas de { $issuer }?
    }
push-body = { $count ->
        [one] Un enlace que ha abierto quiere añadir una tarjeta a { $wallet }.
       *[other] Un enlace que ha abierto quiere añadir { $count } tarjetas a { $wallet }.
    } Continúe solo si acaba de pedirlo usted en su banco.
push-sent = Si alguien le ha enviado el enlace, elija «Ahora no»: la tarjeta podría ser de otra persona.
push-unnamed = El enlace no dice de qué banco viene. Al terminar, se quedará aquí.
push-unsigned = El enlace no está firmado, así que no podemos saber si viene de verdad de { $issuer }. Al terminar, se quedará aquí.
push-next = No se añade nada antes de que haya leído y aceptado las condiciones del banco.
push-accept = Continuar
push-decline = Ahora no
push-your-bank = Su banco
push-back = Volver a { $issuer }
push-back-site = Volver a { $issuer } ({ $site })
push-proof = { $issuer } le permite confirmarlo cuando vuelva allí.
push-over-title = Esta oferta ya no se puede usar
push-over-body = Lo que envió { $issuer } es demasiado antiguo, ya se usó o es para otra cartera. No se ha añadido nada. Vuelva a { $issuer } y empiece allí de nuevo.
push-again = Para intentarlo otra vez, vuelva a { $issuer } y empiece allí.
push-malformed-title = No podemos leer este enlace
push-malformed-body = Puede que se haya cambiado o cortado por el camino. No se ha añadido nada.
push-misplaced-title = Este enlace no corresponde aquí
push-misplaced-body = Debía llevarle de vuelta a una tarjeta que ya estaba añadiendo. No se ha añadido nada. Siga donde empezó.
push-not-signed-title = Este enlace no está firmado
push-not-signed-body = El enlace de un banco para añadir una tarjeta debe estar firmado por Mastercard. No se ha añadido nada.
push-issuer-title = No sabemos de qué banco es este enlace
push-issuer-body = No es de un banco que pueda añadir tarjetas a { $wallet } con un enlace. No se ha añadido nada y no le enviamos a ningún sitio.
push-callback-title = Este enlace lleva de vuelta a una dirección equivocada
push-callback-body = La dirección a la que quiere devolverle no es la del banco. No se ha añadido nada y no le enviamos allí.
push-used-title = Este enlace ya se usó
push-used-body = La tarjeta que contiene se aceptó en otro lugar o ya no se puede añadir. Aquí no se ha añadido nada. Si todavía la quiere, empiece de nuevo en su banco.
