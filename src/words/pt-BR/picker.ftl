# unreviewed

picker-title = Adicionar um cartão do seu banco
picker-lede = Você vai entrar no seu banco, não aqui. Nunca vemos a sua senha.
picker-search-label = Encontrar seu banco
picker-search-hint = Digite parte do nome, com qualquer grafia.
picker-country-label = País
picker-country-all = Todos os países
picker-country-option = { $country } ({ $count })
picker-submit = Buscar
picker-clear = Limpar busca
picker-count = { $total ->
        [one] { $total } banco
       *[other] { $total } bancos
    }
picker-count-partial = Mostrando { $shown } de { $total ->
        [one] { $total } banco
       *[other] { $total } bancos
    }
picker-count-query = { $total ->
        [0] Nenhum banco encontrado para “{ $query }”
        [one] { $total } banco encontrado para “{ $query }”
       *[other] { $total } bancos encontrados para “{ $query }”
    }
picker-count-query-partial = Mostrando { $shown } de { $total ->
        [one] { $total } banco encontrado
       *[other] { $total } bancos encontrados
    } para “{ $query }”
picker-group-recent = Usados antes
picker-recent-clear = Limpar esta lista
picker-group-popular = Mais usados
picker-group-popular-country = Mais usados: { $country }
picker-group-all = Todos os bancos
picker-group-all-country = Todos os bancos: { $country }
picker-group-results = Resultados
picker-more = Mostrar mais { $count }
picker-countries-two = { $first } e { $second }
picker-countries-more = { $first }, { $second } e mais { $count }
picker-badge-opens-app = Abre o aplicativo
picker-badge-app = Só pelo aplicativo do celular
picker-badge-other-phone = Não para este tipo de celular
picker-badge-other-device = Não para este dispositivo
picker-badge-degraded = Com problemas no momento
picker-badge-down = Indisponível no momento
picker-empty-query-title = Nenhum banco corresponde a “{ $query }”
picker-empty-query-body = Confira a grafia ou busque em todos os países.
picker-empty-query-everywhere = Confira a grafia.
picker-empty-query-all = Buscar em todos os países
picker-did-you-mean = Você quis dizer { $suggestion }?
picker-empty-country = Neste país ({ $country }), nenhum banco oferece isso ainda.
picker-empty-all-title = Ainda não há bancos disponíveis
picker-empty-all-body = Cada banco decide se oferece isso. Volte a verificar mais tarde.
picker-empty-device-title = Nenhum banco pode ser aberto neste dispositivo
picker-missing-title = Meu banco não está aqui
picker-missing-body = Só aparecem os bancos que permitem adicionar cartões Mastercard e Maestro desta forma. Se o seu não estiver aqui, talvez você possa adicionar o cartão pelo aplicativo do seu banco.
picker-missing-country = País exibido: { $country }. { $count ->
        [one] Há mais { $count } banco
       *[other] Há mais { $count } bancos
    } em outros países.
picker-missing-country-all = Mostrar todos os países
picker-missing-query = Buscar “{ $query }” em todos os países
picker-missing-marked = Alguns bancos só têm aplicativo para celular, ou para outro tipo de celular. A linha deles informa isso.
picker-missing-hidden = { $count ->
        [one] { $count } banco não aparece porque não pode ser aberto neste dispositivo.
       *[other] { $count } bancos não aparecem porque não podem ser abertos neste dispositivo.
    } Procure seu banco no celular.
picker-missing-health = Um banco com problemas no momento continua na lista, e a linha dele informa isso.
picker-stale = Esta lista foi atualizada pela última vez { $ago }.
picker-ago-minutes = { $count ->
        [one] há { $count } minuto
       *[other] há { $count } minutos
    }
picker-ago-hours = { $count ->
        [one] há { $count } hora
       *[other] há { $count } horas
    }
picker-ago-days = { $count ->
        [one] há { $count } dia
       *[other] há { $count } dias
    }
picker-letters = Ir para uma letra
