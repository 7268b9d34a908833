# unreviewed

## Ways onward
fail-try-again = Intentar de nuevo
fail-start-again = Empezar de nuevo
fail-start-again-with = Empezar de nuevo con { $issuer }
fail-other-card = Elegir otra tarjeta
fail-other-bank = Elegir otro banco
fail-call = Llamar a { $issuer } al { $phone }
fail-later = Inténtelo de nuevo dentro de unos minutos.
fail-see-where = Ver cómo está
fail-see-code = Ver su código e intentar de nuevo
fail-sign-in = Iniciar sesión de nuevo

## How an attempt ends
f01-title = Se detuvo antes de añadir la tarjeta
f01-body = No pasa nada. { not-added }
f03-title = La respuesta de { $issuer } llegó demasiado tarde
f03-body = Por su seguridad, la respuesta de un banco solo vale una vez y durante unos minutos. { not-added }
f04-title = { $issuer } no tiene ninguna tarjeta que pueda añadir
f04-body = Puede que no tenga una tarjeta que funcione en carteras digitales, o que { $issuer } no haya podido iniciar su sesión. { not-added }
f04-item-1 = Inicie sesión en { $issuer } con la cuenta a la que pertenece su tarjeta.
f04-item-2 = Pregunte a { $issuer } si su tarjeta se puede usar en carteras digitales.
f05-title = { $issuer } no aprobó esta tarjeta
f05-body = No nos dijeron por qué. { not-added }
f05-item-1 = Elija otra tarjeta de { $issuer }.
f05-item-2 = Pregunte a { $issuer } si esta tarjeta se puede usar en carteras digitales.
f06-title = Esta tarjeta ya está en su cartera
f06-body = Su tarjeta de { $issuer } terminada en { $digits } ya se había añadido. No tiene que hacer nada.
f06-body-plain = Su tarjeta de { $issuer } ya se había añadido. No tiene que hacer nada.
f06-go = Ir a esta tarjeta
f08-title = { $issuer } no está disponible en este momento
f08-body = El problema está en { $issuer }. Los demás bancos siguen funcionando. { not-added }
f10-title = Ahora no podemos terminar de comprobar su tarjeta
f10-gave-up = Mastercard no respondió a tiempo. { not-added }
f16-title = Demasiados códigos incorrectos
f16-body = Para proteger su tarjeta, { $issuer } ha dejado de aceptar códigos por ahora. La tarjeta está en su cartera, pero todavía no se puede usar.
f18-title = { $issuer } ha pausado esta tarjeta
f18-body = Se añadió, pero no puede pagar con ella. Solo { $issuer } puede cambiarlo.
f19-title = Las condiciones de { $issuer } no se pueden mostrar en este momento
f19-body = Por eso no se puede añadir la tarjeta. Inténtelo de nuevo dentro de unos minutos. { not-added }
gone-title = Esta tarjeta ya no está en su cartera
gone-body = Se añadió y más tarde se retiró. Puede añadirla otra vez.
match-title = Demasiados códigos incorrectos
match-body = La respuesta de { $issuer } no contenía el código que mostramos aquí. { not-added }
refused-title = Esta tarjeta no se puede añadir en este momento
refused-body = Mastercard no aceptó la solicitud. No es culpa suya. { not-added }
nothing-title = La tarjeta no se ha añadido
nothing-body = La respuesta se perdió por el camino. Preguntamos a Mastercard y no se añadió nada. { not-added }
unclear-title = No sabemos si la tarjeta se añadió
unclear-body = La respuesta se perdió por el camino y Mastercard no nos lo dijo. Pregunte a { $issuer } antes de intentarlo de nuevo.
expired-title = Ha tardado demasiado
expired-body = Por su seguridad, hay que terminar de añadir una tarjeta en { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }. { not-added }

## A return that is refused
f11-title = No pudimos confirmar que esto viniera de su banco
f11-body = Algo en la respuesta cambió o se dañó por el camino, así que nos detuvimos. { not-added }
f11-item-1 = Empiece de nuevo desde aquí. No use un enlace de un mensaje o un correo electrónico.
f11-item-2 = Si vuelve a ocurrir, indíquenos la referencia de abajo.
key-title = Todavía no hemos podido confirmar que esto viniera de su banco
key-body = La respuesta está firmada con una clave que es nueva para nosotros y la estamos obteniendo. La tarjeta todavía no se ha añadido.
key-item-1 = Mantenga esta página abierta un minuto. Si no ocurre nada, vuelva a cargarla.
f12-title = Esta respuesta es de otro intento
f12-body = Puede que haya empezado más de una vez. { not-added }
f14-title = No sabemos de qué se trata
f14-body = Un banco le ha enviado aquí, pero en este navegador no se está añadiendo ninguna tarjeta.
unreadable-title = No podemos leer la respuesta de su banco
other-title = Ha vuelto en otro navegador
other-body = Empezó a añadir una tarjeta de { $issuer } en otro navegador. Para proteger su tarjeta, no podemos terminar aquí. No se ha añadido ninguna tarjeta en este navegador.
other-why = La aplicación de { $issuer } abre este navegador. Si empieza de nuevo aquí, le traerá de vuelta al mismo lugar.
other-again = Empezar de nuevo en este navegador
other-alt = O vuelva al navegador en el que empezó y elija allí el sitio web en lugar de la aplicación.
mismatch-title = El código no coincidió
mismatch-body = La respuesta de { $issuer } no contenía el código que mostramos aquí, así que no podemos estar seguros de que fuera usted quien inició sesión allí. { not-added }
mismatch-retype = Si lo escribió mal: vuelva a { $issuer } y escríbalo exactamente como aparece aquí.
mismatch-restart = Si lo escribió mal: empiece de nuevo. Recibirá un código nuevo.
mismatch-stop = Si alguien le envió un enlace a { $issuer } o le pidió el código: deténgase. Quizá quiera su tarjeta en su propia cartera. Avise a { $issuer }.

## Everything else
notfound-title = Esta página no está aquí
notfound-body = La dirección puede ser antigua o estar mal escrita. Si estaba añadiendo una tarjeta, empiece de nuevo desde sus tarjetas.
notfound-issuer-title = Este banco no está disponible aquí
notfound-issuer-body = Puede que haya dejado de ofrecerlo o que el enlace sea incorrecto.
f09-title = Ahora no podemos cargar la lista de bancos
f09-body = El servicio que la proporciona no responde. Sus tarjetas siguen funcionando.
f17-title = No se pueden enviar más códigos
f17-body = Su banco solo permite unos pocos códigos por tarjeta. Use otra vía o llame al banco.
f17-body-issuer = { $issuer } solo permite unos pocos códigos por tarjeta. Use otra vía o llame a la entidad.
f22-title = Algo ha fallado por nuestra parte
f22-body = Si estaba añadiendo una tarjeta, vaya a sus tarjetas para ver si funcionó antes de intentarlo de nuevo.
unavailable-title = Ahora no podemos responder
unavailable-body = Sus tarjetas están a salvo. Inténtelo de nuevo dentro de un minuto.
f25-title = Su navegador bloquea una cookie que necesitamos
f25-body = Usamos una cookie para asegurarnos de que la tarjeta llegue a su cartera y no a la de otra persona. Permita las cookies de { $host } e inténtelo de nuevo.
f25-title-stale = Esta página estuvo abierta demasiado tiempo
f25-body-stale = No pudimos estar seguros de que fuera usted. No se ha cambiado nada. Inténtelo de nuevo.
handoff-title = Este enlace ya no se puede usar
handoff-body = Un enlace de inicio de sesión funciona una sola vez y solo durante dos minutos. No se ha cambiado nada.
moved-title = Esto ya ha avanzado
moved-body = No se ha hecho nada dos veces.
input-title = Falta algo en el formulario o hay algo incorrecto
unread-title = No podemos leer esta solicitud
unread-body = La dirección o el formulario no se pueden leer. No se ha cambiado nada.
nothing-changed = No se ha cambiado nada.
method-not-allowed-title = Esta página no se puede usar de esa forma
timeout-title = Tardó demasiado en llegar
timeout-body = No se ha cambiado nada. Inténtelo de nuevo.
too-large-title = Fue demasiado de una sola vez
address-too-long-title = Esta dirección es demasiado larga
unsupported-title = No podemos leer este tipo de formulario
misdirected-title = Esta dirección no es nuestra
misdirected-body = La solicitud nombraba otro servidor. No se ha cambiado nada.
headers-title = Su navegador envió demasiado
headers-body = Borrar las cookies de este sitio puede ayudar.
credential-title = La credencial falta o es incorrecta
credential-body = Envíe la credencial configurada en un único encabezado Authorization, como token Bearer.
