# unreviewed

launch-title = Continuar a { $issuer }
launch-title-phone = Necesita la aplicación de { $issuer }
launch-title-nothing = { $issuer } no está disponible en este dispositivo
launch-step-1 = Inicie sesión en { $issuer }.
launch-step-2 = Elija la tarjeta que quiere añadir.
launch-step-code = Escriba el código de abajo cuando se lo pidan.
launch-step-3 = Vuelva aquí. Nosotros terminamos el resto.
launch-host = Irá a { $host }. Compruebe que ve esta dirección antes de iniciar sesión.
launch-host-website = El sitio web es { $host }. Compruebe que ve esta dirección antes de iniciar sesión.
launch-app = Abrir la aplicación de { $issuer }
launch-app-android = Abrir la aplicación de Android
launch-app-ios = Abrir la aplicación de iPhone
launch-app-only = Abrir solo la aplicación
launch-have-app = Tengo la aplicación
launch-have-app-android = Tengo la aplicación de Android
launch-have-app-ios = Tengo la aplicación de iPhone
launch-noapp = No tengo la aplicación
launch-web = Continuar en el sitio web de { $issuer }
launch-web-plain = Continuar a { $issuer }
launch-web-choice = Usar el sitio web
launch-forward = Le llevamos a { $issuer }. Para quedarse aquí, toque la página o pulse una tecla.
launch-hint-app = Necesita la aplicación de { $issuer } en este dispositivo y poder iniciar sesión en ella.
launch-hint-noopen = ¿No se ha abierto la aplicación? Continúe en el sitio web.
launch-hint-noopen-app = ¿No se ha abierto la aplicación? Compruebe que está instalada e inténtelo de nuevo.
launch-finished = ¿Ya ha terminado con { $issuer }? Comprobar ahora
launch-other = Elegir otro banco
launch-expiry = { $minutes ->
        [one] Tiene aproximadamente { $minutes } minuto. Después, empiece aquí de nuevo; no se pierde nada.
       *[other] Tiene aproximadamente { $minutes } minutos. Después, empiece aquí de nuevo; no se pierde nada.
    }
launch-degraded = { $issuer } tiene problemas. Puede intentarlo, pero quizá no funcione.
launch-down = { $issuer } no está disponible en este momento. Puede intentarlo, pero probablemente no funcione. Los demás bancos funcionan.
launch-not-this-phone = { $issuer } no ofrece esto para su tipo de teléfono.
launch-only-phone-app = { $issuer } solo permite añadir tarjetas desde su aplicación para teléfonos. Abra { $wallet } en su teléfono y empiece allí. La tarjeta se añade en su teléfono.
launch-robot = Abra esta página en un navegador para añadir su tarjeta.

launch-phone-summary = Usar su teléfono
launch-phone-only = { $issuer } solo funciona en su aplicación para teléfonos. Escanee este código para continuar en su teléfono.
launch-phone-body = Escanee este código con la cámara de su teléfono. { $wallet } se abre en su teléfono y usted empieza allí. La tarjeta se añade en su teléfono.
launch-phone-copy = O abra esta dirección en su teléfono: { $url }
launch-phone-close = Puede cerrar esta página en su ordenador.
launch-phone-label = Código QR que abre { $wallet } en su teléfono

touch-title = Está en un iPad
touch-body = Si tiene en él la aplicación de { $issuer }, añada allí su tarjeta.
touch-noscript = En un iPad: abrir la aplicación de { $issuer }

escape-title = Abra primero esta página en su navegador
escape-body = Está en un navegador dentro de otra aplicación. Su banco le devuelve al navegador habitual de su teléfono, que no puede terminar lo que empiece aquí.
launch-hint-browser = Está en un navegador dentro de otra aplicación. Abra primero { $wallet } en su navegador habitual, para que { $issuer } pueda traerle de vuelta.
escape-menu = Abra el menú (⋯ o ⋮) y elija «Abrir en el navegador».
escape-menu-page = Vaya a { $page }, abra el menú (⋯ o ⋮) y elija «Abrir en el navegador».
escape-first-page = la primera página
escape-copy = O copie esta dirección y péguela en su navegador.
escape-address = Dirección que debe abrir
escape-copy-button = Copiar
escape-copied = Copiado

same-title = Su código
same-asked = { $issuer } se lo pedirá.
same-may-be-asked = Es posible que { $issuer } se lo pida.
same-proof = Demuestra que fue usted quien empezó aquí.
same-only-site = Escríbalo solo en { $host }.
same-only-app = Escríbalo solo en la aplicación de { $issuer }.
same-only-both = Escríbalo solo en { $host } o en la aplicación de { $issuer }.
same-never = Nadie debería pedirle nunca que lo lea en voz alta.

wait-title = Esperando a { $issuer }
wait-body-app = Termine en la aplicación de { $issuer }. Debería traerle aquí por sí sola. Si no lo hace, vuelva a esta página.
wait-body-web = Termine en el sitio web de { $issuer }. Debería traerle aquí por sí solo. Si no lo hace, vuelva a esta página.
wait-body-both = Termine en la aplicación de { $issuer } o en su sitio web. Debería volver aquí automáticamente. Si no es así, vuelva a esta página.
wait-body-any = Termine con { $issuer }. Debería volver aquí automáticamente. Si no es así, vuelva a esta página.
wait-check = He terminado con { $issuer }
wait-app-again = Abrir la aplicación otra vez
wait-web-again = Usar el sitio web
wait-web-there = Ir allí otra vez
wait-try-again = Intentarlo de nuevo
wait-ways = Mostrar otra vez cómo llegar a { $issuer }
wait-hint-noopen = ¿No se ha abierto la aplicación? Use el sitio web.
wait-nothing-yet = { $issuer } aún no ha enviado una respuesta. Termine primero allí y vuelva a comprobarlo.
wait-no-params = { $issuer } le ha devuelto sin una respuesta. Quizá usted canceló, o algo falló allí.
wait-other-tab = Esto continúa en otra pestaña. Puede cerrar esta.
wait-elsewhere = { $issuer } le ha devuelto a otro navegador, así que no hemos podido terminar. Use el sitio web o empiece de nuevo en el otro navegador.
wait-elsewhere-app = { $issuer } le ha devuelto a otro navegador, así que no hemos podido terminar. Empiece de nuevo en el otro navegador.
wait-wrong-code = { $left ->
        [one] La respuesta de { $issuer } no contenía el código de abajo, así que no se ha añadido nada. Vuelva allí y escríbalo exactamente como aparece aquí. Le queda { $left } intento.
       *[other] La respuesta de { $issuer } no contenía el código de abajo, así que no se ha añadido nada. Vuelva allí y escríbalo exactamente como aparece aquí. Le quedan { $left } intentos.
    }

wait-digits = { $issuer } le ha devuelto a otro navegador. Allí se muestran seis cifras.
wait-digits-label = Las seis cifras
wait-digits-hint = { $tries ->
        [one] Solo si las ve con sus propios ojos, en un dispositivo suyo. Tiene { $tries } intento.
       *[other] Solo si las ve con sus propios ojos, en un dispositivo suyo. Tiene { $tries } intentos.
    }
wait-digits-go = Continuar aquí
wait-digits-empty = Escriba las seis cifras
wait-digits-format = El código tiene seis cifras
wait-digits-wrong = Estas no son las cifras que muestra el otro navegador
wait-digits-spent = { $tries ->
        [one] Las cifras no eran correctas.
       *[other] Las cifras no eran correctas, { $tries } veces.
    } Lo que volvió ya no sirve. Use el sitio web o empiece de nuevo en el otro navegador.
wait-digits-spent-app = { $tries ->
        [one] Las cifras no eran correctas.
       *[other] Las cifras no eran correctas, { $tries } veces.
    } Lo que volvió ya no sirve. Empiece de nuevo en el otro navegador.

other-same-person = Empezó a añadir una tarjeta de { $issuer } en otro navegador. Para proteger su tarjeta, aquí solo continuamos con la misma persona.
other-nothing = No se ha añadido ninguna tarjeta en este navegador.
other-signin = Iniciar sesión aquí para continuar
other-digits-title = Vuelva a donde empezó
other-digits-body = Empezó en otro navegador. { $issuer } ha terminado. Vuelva a esa pestaña y escriba estas cifras:
other-digits-careful = Escríbalas solo en la página en la que usted empezó. Ni { $issuer } ni nosotros se las pediremos nunca.
