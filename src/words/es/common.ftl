# unreviewed

skip-link = Ir al contenido principal
language-link =
    .aria-label = Idioma: { $language }. Cambiar de idioma
footer-label = Acerca de este sitio
footer-help = Ayuda
footer-privacy = Privacidad
footer-accessibility = Accesibilidad
demo-ribbon = Demostración. Nada es real aquí: ni el banco, ni la tarjeta, ni el dinero.
demo-scenario = Escenario de demostración: { $name }
legal-marks = Mastercard y Maestro son marcas registradas de Mastercard International Incorporated.
legal-demo = { $wallet } es una demostración y no está vinculada a Mastercard ni a ningún banco.
page-title = { $page } – { $wallet }
back-home = Ir a sus tarjetas
get-help = Obtener ayuda
cancel-attempt = Cancelar
    .aria-label = Cancelar: no añadir esta tarjeta
error-title = Error: { $page }
error-summary-title = Hay un problema
reference-line = Referencia para el servicio de ayuda: { $reference }
offline-banner = No tiene conexión. Esta página continuará cuando vuelva a conectarse.
opening-next = Listo. Abriendo el siguiente paso.
what-now = Qué puede hacer
not-added = La tarjeta no se ha añadido y no se ha cobrado nada.
add-a-card = Añadir una tarjeta de su banco
time-left = Le { $minutes ->
        [one] queda aproximadamente { $minutes } minuto
       *[other] quedan aproximadamente { $minutes } minutos
    }.
