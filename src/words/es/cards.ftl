# unreviewed

home-title = Sus tarjetas
home-empty-title = Todavía no hay tarjetas
home-empty-body = Añada una tarjeta iniciando sesión en el banco que la emitió. No hace falta escribir el número de la tarjeta.
home-push-body = Las tarjetas se añaden desde su banco. Abra la aplicación o el sitio web de su banco y elija añadir aquí una tarjeta.
home-card-name = { $issuer }, terminada en { $last4 }
home-card-ending = terminada en { $last4 }
home-card-state-active = Lista para usar
home-card-state-inactive = A la espera de su código
home-card-state-waiting = A la espera de la confirmación de { $issuer }
home-card-state-locked = Bloqueada tras demasiados códigos incorrectos
home-card-state-suspended = Suspendida por { $issuer }
home-card-state-declined = No aprobada por { $issuer }
home-card-state-duplicate = Ya está en su cartera
home-card-state-deactivated = Retirada
home-card-state-failed = No añadida
home-card-state-adding = Añadiéndose
home-card-state-doubt = Lo estamos comprobando con Mastercard
home-pending = Su tarjeta de { $issuer } todavía se está añadiendo.
home-pending-link = Ver cómo va
home-error = En este momento no podemos mostrar sus tarjetas. Sus tarjetas están a salvo. Inténtelo de nuevo dentro de un minuto.
home-retry = Volver a intentarlo
sign-out = Cerrar la sesión

card-locked-title = Demasiados códigos incorrectos
card-locked-body = Para proteger su tarjeta, { $issuer } no acepta más códigos por ahora. La tarjeta está en su cartera, pero todavía no se puede usar.
card-suspended-body = Por ahora no puede pagar con esta tarjeta. Solo { $issuer } puede cambiarlo.
card-confirm = Confirmar que es usted
card-status = Estado
card-issuer = Banco
card-product = Tarjeta
card-last4 = Número
card-phone = Teléfono
card-website = Sitio web
card-terms = Las condiciones que aceptó
card-back = Volver a la tarjeta
card-history = Cómo se añadió esta tarjeta

issuer-title = Añadir una tarjeta de { $issuer }
issuer-lede = Iniciará sesión en { $issuer }, no aquí. Nunca vemos su contraseña.
issuer-phone-only = { $issuer } solo permite añadir tarjetas desde su aplicación para móviles.
issuer-not-this-phone = { $issuer } no ofrece esto para su tipo de teléfono.
issuer-not-this-device = { $issuer } no ofrece esto para su dispositivo.
issuer-static = Abra esta página en un navegador para añadir su tarjeta.
issuer-tablet = ¿Usa una tableta que tiene la aplicación de { $issuer }? Entonces puede empezar aquí.
issuer-start = Empezar con { $issuer }
issuer-start-tablet = Empezar en esta tableta
issuer-start-anyway = Empezar aquí de todos modos
issuer-other = Elegir otro banco

app-title = Vuelva a la aplicación { $wallet }
app-body = Empezó a añadir una tarjeta en la aplicación, y el camino de vuelta de su banco ha llevado a este navegador. Aquí no se ha añadido ninguna tarjeta y no se ha cobrado nada.
app-open = Abra usted la aplicación. Muestra cómo está su tarjeta.
app-again = Si su tarjeta no aparece, empiece de nuevo en la aplicación.
app-elsewhere = Si la aplicación no está en este dispositivo, ábrala donde empezó.
