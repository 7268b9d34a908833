# unreviewed

back-to-host = Volver a { $host }
foreign-host-title = No podemos usar este enlace
foreign-host-body = El enlace que le ha traído aquí indica una página a la que volver, y no podemos llevarle allí. No se ha cambiado nada. Aun así puede añadir una tarjeta.
foreign-host-rule = Para quienes hicieron el enlace (en inglés): { $rule }.
foreign-origin-title = Este origen no está registrado
foreign-origin-body = Los scripts de los orígenes registrados pueden leer esto. El operador de la cartera los registra en embed.origins.
