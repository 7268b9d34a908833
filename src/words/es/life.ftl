# unreviewed
# A card after it was added: paused, gone on with, removed.

home-card-state-paused = Suspendida por usted
card-paused-body = Usted ha suspendido esta tarjeta. No podrá pagar con ella hasta que la reactive.
card-pause = Suspender
card-resume = Reactivar
card-remove = Retirar
card-pausing = Estamos pidiendo a Mastercard que suspenda esta tarjeta.
card-resuming = Estamos pidiendo a Mastercard que reactive esta tarjeta.
card-removing = Estamos pidiendo a Mastercard que retire esta tarjeta.
card-change-doubt = La respuesta se perdió por el camino. Estamos comprobando con Mastercard cómo está esta tarjeta. Nada se pide dos veces.
card-change-not-done = No ha funcionado. No se ha cambiado nada. Inténtelo de nuevo en un momento.
card-change-refused = Mastercard no lo ha permitido. El estado de abajo es el actual.
card-change-unclear = No hemos llegado a saber si ha funcionado. Pregunte a { $issuer } si el estado de abajo le parece incorrecto.
card-remove-title = ¿Retirar esta tarjeta?
card-remove-body = La tarjeta desaparece de esta cartera y ya no se puede usar aquí. Su tarjeta de { $issuer } sigue como está, y podrá añadirla de nuevo más tarde.
card-remove-keep = Conservar la tarjeta
