# unreviewed

help-title = Ayuda
help-how-title = Cómo se añade una tarjeta
help-how-choose = Elija su banco en la lista.
help-how-sign-in = Identifíquese en su banco, en su aplicación o en su sitio web, y elija allí una tarjeta.
help-how-check = Su banco le envía de vuelta aquí. Comprobamos con Mastercard que la respuesta es auténtica.
help-how-terms = Lea y acepte las condiciones de su banco. Si su banco lo pide, confirme que es usted.
help-how-time = Hay { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    } para terminar de añadir una tarjeta. Si tarda más, empiece de nuevo; no se pierde nada y no se cobra nada.
help-app-title = La aplicación de mi banco no me ha traído de vuelta
help-app-body = Abra { $wallet } de nuevo en el navegador donde empezó. Junto a sus tarjetas verá lo que sigue en marcha.
help-browser-title = He vuelto en otro navegador
help-browser-body = Para proteger su tarjeta, solo terminamos donde usted empezó. Empiece de nuevo en el navegador que abre su banco, o use el sitio web del banco en lugar de su aplicación.
help-code-title = No ha llegado ningún código
help-code-body = Puede tardar unos minutos. Puede pedirlo otra vez en la página donde lo escribe. Si eso no ayuda, llame a su banco: el número está en el reverso de su tarjeta.
help-message-title = He recibido un mensaje sobre una tarjeta que no he añadido
help-message-body = Llame a su banco de inmediato.
privacy-title = Privacidad
privacy-body = { $wallet } no ve ni el número de su tarjeta ni su contraseña. Guarda una cookie para { $host }, que asegura que la tarjeta llegue a su cartera y no a la de otra persona. Lo que elija aquí, como el idioma y el país, y los bancos que haya utilizado solo se recuerdan en este navegador, en otras cookies. Ninguna página carga nada de terceros.
accessibility-title = Accesibilidad
accessibility-body = Todas las páginas funcionan con el teclado, con un lector de pantalla, con un zoom del 400 % y sin JavaScript. Si algo no le funciona, díganos qué página era.

language-title = Idioma
language-choose = Elija su idioma
language-unreviewed = Traducción aún sin revisar
language-banks = Los nombres y las condiciones de los bancos se muestran en el idioma que usa el banco.
theme-choose = Colores
theme-system = Como el sistema
theme-light = Claro
theme-dark = Oscuro
language-save = Guardar

error-gateway-title = No se puede acceder a { $wallet }
error-gateway-body = Algo no funciona entre usted y nosotros. Sus tarjetas están a salvo. Inténtelo de nuevo dentro de un minuto.
error-unavailable-title = Ahora mismo no podemos responder
error-unavailable-body = Hay demasiadas personas a la vez, o estamos actualizando el servicio. Sus tarjetas están a salvo. Inténtelo de nuevo dentro de un minuto.
