# unreviewed

## Waiting for us
verify-title = Comprobando su tarjeta
adding-title = Añadiendo su tarjeta
code-checking = Comprobando su código
verify-step-received = Respuesta de { $issuer } recibida
verify-step-genuine = Comprobando que es auténtica
verify-step-ready = Preparando su tarjeta
verify-state-done = hecho
verify-state-now = en curso
verify-state-todo = sin empezar
verify-status = Paso { $n } de 3: { $step }.
verify-code = { $issuer } está comprobando el código.
verify-hint = Suele tardar unos segundos. Puede dejar esta página abierta.
verify-slow = Está tardando más de lo habitual. Estamos esperando a Mastercard. No tiene que hacer nada.
verify-very-slow = Seguimos esperando una respuesta de Mastercard. Puede salir de esta página: seguiremos intentándolo y mostraremos el resultado junto a sus tarjetas.
verify-retrying = { $issuer } ya ha hecho su parte. Estamos esperando a Mastercard y seguiremos intentándolo durante { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }. No tiene que volver a iniciar sesión.
verify-doubt = La respuesta se perdió por el camino. Estamos comprobando con Mastercard qué ha sido de su tarjeta. Nunca se añade dos veces.
verify-leave = Puede salir de esta página: seguiremos intentándolo y mostraremos el resultado junto a sus tarjetas.
verify-check = Comprobar de nuevo

## Terms
terms-title = Condiciones de { $issuer } para usar esta tarjeta en una cartera digital
terms-lede = { $issuer } le pide que acepte estas condiciones antes de añadir la tarjeta.
terms-lede-several = { $issuer } le pide que acepte estas condiciones antes de añadir { $cards ->
        [one] { $cards } tarjeta
       *[other] las { $cards } tarjetas
    }.
terms-skip = Ir a los botones
terms-contents = Índice
terms-language = { $issuer } ofrece estas condiciones en este idioma: { $language }.
terms-print = Imprimir
terms-pdf-only = { $issuer } ofrece estas condiciones en un archivo PDF. Ábralo y léalo antes de aceptar.
terms-pdf-open = Abrir las condiciones (PDF, { $size })
terms-size = { $kilobytes } kB
terms-accept = Aceptar y añadir la tarjeta
terms-accept-several = Aceptar y añadir las tarjetas
terms-decline = No aceptar
terms-changed = { $issuer } cambió las condiciones mientras usted las leía. Lea la nueva versión.

## Choosing how to confirm
method-title = Confirme que es usted
method-lede = { $issuer } quiere comprobar que esta tarjeta es suya. Elija cómo.
method-lede-ending = { $issuer } quiere comprobar que la tarjeta terminada en { $digits } es suya. Elija cómo.
method-text = Mensaje de texto al { $value }
method-email = Correo electrónico a { $value }
method-call-auto = Llamar al { $value } y escuchar un código
method-call-agent = Llamar a { $issuer } al { $value }
method-issuer-calls = Recibir una llamada de { $issuer } en el { $value }
method-website = Iniciar sesión en el sitio web de { $issuer }
method-app = Usar la aplicación de { $issuer }
method-continue = Continuar
method-later = Hacerlo más tarde
method-error-none = Elija cómo debe confirmar { $issuer } que es usted
method-later-note = La tarjeta permanece en su cartera hasta que confirme. Antes no puede pagar con ella.
method-not-sent = Ahora no se puede enviar ningún código por esa vía. Elija otra.
method-expired = Ese código ha caducado. Elija cómo recibir uno nuevo.
method-unsure = No sabemos si su último código contó. Elija cómo continuar.

## The code
code-title = Introduzca el código de { $issuer }
code-sent-text = { $issuer } está enviando un código por mensaje de texto al { $value }.
code-sent-email = { $issuer } está enviando un código por correo electrónico a { $value }.
code-sent-call = Llame al { $value }. Oirá un código.
code-card = Es para su tarjeta terminada en { $digits }.
code-label = Código
code-hint = Puede tardar un minuto en llegar.
code-hint-call = Tenga algo con que apuntar.
code-submit = Confirmar el código
code-resend = Enviar el código de nuevo
code-resend-wait = Podrá pedirlo de nuevo en { $seconds ->
        [one] { $seconds } segundo
       *[other] { $seconds } segundos
    }.
code-resend-now = Ya puede pedirlo de nuevo.
code-resent = { $issuer } está enviando el código de nuevo. Si llegan dos, son iguales.
code-request-new = Pedir un código nuevo
code-none-left = No se pueden enviar más códigos para esta tarjeta. Si no le llegó ninguno, llame a { $issuer }.
code-other = Usar otra vía
code-error-empty = Introduzca el código
code-error-format = Un código solo tiene letras y cifras, { $max } como máximo. Introdúzcalo tal como lo recibió.
code-error-wrong = Ese código no es correcto. { $left ->
        [one] Le queda { $left } intento.
       *[other] Le quedan { $left } intentos.
    }
code-error-wrong-last = Ese código no es correcto.
code-error-expired = Ese código ha caducado. Pida uno nuevo.
code-error-not-sent = No se pudo enviar el código. Pídalo de nuevo o use otra vía.
code-error-unsure = No sabemos si su último intento contó. Introduzca el código de nuevo.
code-error-not-tried = Ahora no hemos podido comprobar el código. No ha contado como intento. Introdúzcalo de nuevo.

## Waiting for the issuer
await-title = A la espera de que { $issuer } confirme
await-body = Su tarjeta está en la cartera. Podrá usarla cuando { $issuer } sepa que es usted.
await-agent = Llame a { $issuer } al { $value } y diga que está añadiendo su tarjeta a { $wallet }. Esta página cambiará cuando lo confirmen.
await-callback = { $issuer } le llamará al { $value }. Esta página cambiará cuando lo confirmen.
await-website = Inicie sesión en el sitio web de { $issuer } y confirme allí.
await-website-go = Ir al sitio web de { $issuer }
await-app = Abra la aplicación de { $issuer } y confirme allí.
await-check = Comprobar de nuevo
await-later = Puede salir de esta página. La tarjeta permanece en su cartera hasta entonces, y antes no puede pagar con ella.

## Success
done-title = Tarjeta añadida
done-title-several = Tarjetas añadidas
done-body = Su tarjeta de { $issuer } terminada en { $digits } está lista para usarse en { $wallet }.
done-body-plain = Su tarjeta de { $issuer } está lista para usarse en { $wallet }.
done-body-several = { $cards ->
        [one] { $cards } tarjeta de { $issuer } está en { $wallet }.
       *[other] { $cards } tarjetas de { $issuer } están en { $wallet }.
    }
done-note = Es posible que { $issuer } le envíe un mensaje para informarle de que se añadió esta tarjeta. Si recibe uno sobre una tarjeta que usted no añadió, llame a la entidad.
done-another = Añadir otra tarjeta
