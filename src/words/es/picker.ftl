# unreviewed

picker-title = Añadir una tarjeta de su banco
picker-lede = Iniciará sesión en su banco, no aquí. Nunca vemos su contraseña.
picker-search-label = Buscar su banco
picker-search-hint = Escriba parte del nombre, con cualquier grafía.
picker-country-label = País
picker-country-all = Todos los países
picker-country-option = { $country } ({ $count })
picker-submit = Buscar
picker-clear = Borrar la búsqueda
picker-count = { $total ->
        [one] { $total } banco
       *[other] { $total } bancos
    }
picker-count-partial = Se muestran { $shown } de { $total ->
        [one] { $total } banco
       *[other] { $total } bancos
    }
picker-count-query = { $total ->
        [0] No se encontró ningún banco para «{ $query }»
        [one] Se encontró 1 banco para «{ $query }»
       *[other] Se encontraron { $total } bancos para «{ $query }»
    }
picker-count-query-partial = Se muestran { $shown } de { $total ->
        [one] { $total } banco encontrado
       *[other] { $total } bancos encontrados
    } para «{ $query }»
picker-group-recent = Usados antes
picker-recent-clear = Borrar esta lista
picker-group-popular = Más usados
picker-group-popular-country = Más usados: { $country }
picker-group-all = Todos los bancos
picker-group-all-country = Todos los bancos: { $country }
picker-group-results = Resultados
picker-more = Mostrar { $count } más
picker-countries-two = { $first } y { $second }
picker-countries-more = { $first }, { $second } y { $count } más
picker-badge-opens-app = Abre la aplicación
picker-badge-app = Solo con la aplicación móvil
picker-badge-other-phone = No para este tipo de teléfono
picker-badge-other-device = No para este dispositivo
picker-badge-degraded = Tiene problemas en este momento
picker-badge-down = No disponible en este momento
picker-empty-query-title = Ningún banco coincide con «{ $query }»
picker-empty-query-body = Revise la ortografía o busque en todos los países.
picker-empty-query-everywhere = Revise la ortografía.
picker-empty-query-all = Buscar en todos los países
picker-did-you-mean = ¿Quiso decir { $suggestion }?
picker-empty-country = En este país ({ $country }) ningún banco lo ofrece todavía.
picker-empty-all-title = Todavía no hay bancos disponibles
picker-empty-all-body = Cada banco decide si lo ofrece. Vuelva a mirar más tarde.
picker-empty-device-title = No se puede abrir ningún banco en este dispositivo
picker-missing-title = Mi banco no está aquí
picker-missing-body = Solo figuran los bancos que permiten añadir así tarjetas Mastercard y Maestro. Si el suyo no está, quizá pueda añadir la tarjeta desde la aplicación de su banco.
picker-missing-country = País mostrado: { $country }. { $count ->
        [one] Hay { $count } banco más
       *[other] Hay { $count } bancos más
    } en otros países.
picker-missing-country-all = Mostrar todos los países
picker-missing-query = Buscar «{ $query }» en todos los países
picker-missing-marked = Algunos bancos solo tienen una aplicación para teléfonos, o para otro tipo de teléfono. Su fila lo indica.
picker-missing-hidden = { $count ->
        [one] { $count } banco no figura porque no se puede abrir en este dispositivo.
       *[other] { $count } bancos no figuran porque no se pueden abrir en este dispositivo.
    } Busque su banco en su teléfono.
picker-missing-health = Un banco que tiene problemas en este momento sigue en la lista, y su fila lo indica.
picker-stale = Esta lista se actualizó por última vez { $ago }.
picker-ago-minutes = { $count ->
        [one] hace { $count } minuto
       *[other] hace { $count } minutos
    }
picker-ago-hours = { $count ->
        [one] hace { $count } hora
       *[other] hace { $count } horas
    }
picker-ago-days = { $count ->
        [one] hace { $count } día
       *[other] hace { $count } días
    }
picker-letters = Ir a una letra
