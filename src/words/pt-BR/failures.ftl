# unreviewed

## Ways onward
fail-try-again = Tentar de novo
fail-start-again = Começar de novo
fail-start-again-with = Começar de novo com { $issuer }
fail-other-card = Escolher outro cartão
fail-other-bank = Escolher outro banco
fail-call = Ligar para { $issuer } em { $phone }
fail-later = Tente de novo em alguns minutos.
fail-see-where = Ver como está
fail-see-code = Ver o seu código e tentar de novo
fail-sign-in = Entrar de novo

## How an attempt ends
f01-title = Você parou antes de o cartão ser adicionado
f01-body = Tudo bem. { not-added }
f03-title = A resposta de { $issuer } chegou tarde demais
f03-body = Para a sua segurança, a resposta de um banco vale só uma vez e só por alguns minutos. { not-added }
f04-title = { $issuer } não tem nenhum cartão que você possa adicionar
f04-body = Talvez você não tenha um cartão que funcione em carteiras digitais, ou { $issuer } não conseguiu autenticar você. { not-added }
f04-item-1 = Entre em { $issuer } com a conta à qual o seu cartão pertence.
f04-item-2 = Pergunte a { $issuer } se o seu cartão pode ser usado em carteiras digitais.
f05-title = { $issuer } não aprovou este cartão
f05-body = O motivo não nos foi informado. { not-added }
f05-item-1 = Escolha outro cartão de { $issuer }.
f05-item-2 = Pergunte a { $issuer } se este cartão pode ser usado em carteiras digitais.
f06-title = Este cartão já está na sua carteira
f06-body = O seu cartão de { $issuer } com final { $digits } já tinha sido adicionado. Você não precisa fazer nada.
f06-body-plain = O seu cartão de { $issuer } já tinha sido adicionado. Você não precisa fazer nada.
f06-go = Ir para este cartão
f08-title = { $issuer } não está disponível no momento
f08-body = O problema está em { $issuer }. Os outros bancos continuam funcionando. { not-added }
f10-title = Não conseguimos terminar de verificar o seu cartão agora
f10-gave-up = A Mastercard não respondeu a tempo. { not-added }
f16-title = Muitos códigos errados
f16-body = Para proteger o seu cartão, { $issuer } parou de aceitar códigos por enquanto. O cartão está na sua carteira, mas ainda não pode ser usado.
f18-title = { $issuer } pausou este cartão
f18-body = Ele foi adicionado, mas você não pode pagar com ele. Só { $issuer } pode mudar isso.
f19-title = Os termos de { $issuer } não podem ser mostrados agora
f19-body = Por isso, o cartão não pode ser adicionado. Tente de novo em alguns minutos. { not-added }
gone-title = Este cartão não está mais na sua carteira
gone-body = Ele foi adicionado e removido depois. Você pode adicioná-lo mais uma vez.
match-title = Muitos códigos errados
match-body = A resposta de { $issuer } não continha o código que mostramos aqui. { not-added }
refused-title = Este cartão não pode ser adicionado agora
refused-body = A Mastercard não aceitou o pedido. A culpa não é sua. { not-added }
nothing-title = O cartão não foi adicionado
nothing-body = A resposta se perdeu no caminho. Perguntamos à Mastercard, e nada foi adicionado. { not-added }
unclear-title = Não sabemos se o cartão foi adicionado
unclear-body = A resposta se perdeu no caminho, e a Mastercard não nos informou. Pergunte a { $issuer } antes de tentar de novo.
expired-title = Isso demorou demais
expired-body = Para a sua segurança, um cartão precisa ser adicionado em até { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }. { not-added }

## A return that is refused
f11-title = Não conseguimos confirmar que isso veio do seu banco
f11-body = Algo na resposta foi alterado ou danificado no caminho, por isso paramos. { not-added }
f11-item-1 = Comece de novo por aqui. Não use um link de uma mensagem ou de um e-mail.
f11-item-2 = Se acontecer de novo, informe a referência abaixo.
key-title = Ainda não conseguimos confirmar que isso veio do seu banco
key-body = A resposta está assinada com uma chave nova para nós, e estamos buscando essa chave. O cartão ainda não foi adicionado.
key-item-1 = Deixe esta página aberta por um minuto. Se nada acontecer, recarregue-a.
f12-title = Esta resposta pertence a outra tentativa
f12-body = Talvez você tenha começado mais de uma vez. { not-added }
f14-title = Não sabemos do que se trata
f14-body = Um banco enviou você para cá, mas nenhum cartão está sendo adicionado neste navegador.
unreadable-title = Não conseguimos ler a resposta do seu banco
other-title = Você voltou em outro navegador
other-body = Você começou a adicionar um cartão de { $issuer } em outro navegador. Para proteger o seu cartão, não podemos terminar aqui. Nenhum cartão foi adicionado neste navegador.
other-why = O aplicativo de { $issuer } abre este navegador. Se você começar de novo aqui, ele trará você de volta ao mesmo lugar.
other-again = Começar de novo neste navegador
other-alt = Ou volte ao navegador em que você começou e escolha lá o site em vez do aplicativo.
mismatch-title = O código não conferiu
mismatch-body = A resposta de { $issuer } não continha o código que mostramos aqui, por isso não podemos ter certeza de que foi você quem entrou lá. { not-added }
mismatch-retype = Se você digitou errado: vá a { $issuer } de novo e digite exatamente como aparece aqui.
mismatch-restart = Se você digitou errado: comece de novo. Você receberá um novo código.
mismatch-stop = Se alguém enviou a você um link para { $issuer } ou pediu o código: pare. Essa pessoa pode querer o seu cartão na carteira dela. Avise { $issuer }.

## Everything else
notfound-title = Esta página não está aqui
notfound-body = O endereço pode ser antigo ou ter sido digitado errado. Se você estava adicionando um cartão, comece de novo pelos seus cartões.
notfound-issuer-title = Este banco não está disponível aqui
notfound-issuer-body = Talvez ele não ofereça mais isso, ou o link esteja errado.
f09-title = Não conseguimos carregar a lista de bancos agora
f09-body = O serviço que a fornece não está respondendo. Os seus cartões continuam funcionando.
f17-title = Não é possível enviar mais códigos
f17-body = O seu banco permite apenas alguns códigos por cartão. Use outra forma ou ligue para ele.
f17-body-issuer = { $issuer } permite apenas alguns códigos por cartão. Use outra forma ou ligue para a instituição.
f22-title = Algo deu errado do nosso lado
f22-body = Se você estava adicionando um cartão, veja nos seus cartões se funcionou antes de tentar de novo.
unavailable-title = Não conseguimos responder agora
unavailable-body = Os seus cartões estão seguros. Tente de novo em um minuto.
f25-title = O seu navegador está bloqueando um cookie de que precisamos
f25-body = Usamos um cookie para garantir que o cartão vá para a sua carteira, e não para a de outra pessoa. Permita cookies para { $host } e tente de novo.
f25-title-stale = Esta página ficou aberta por tempo demais
f25-body-stale = Não pudemos ter certeza de que era você. Nada foi alterado. Tente de novo.
handoff-title = Este link não pode mais ser usado
handoff-body = Um link de entrada funciona uma única vez e só por dois minutos. Nada foi alterado.
moved-title = Isto já avançou
moved-body = Nada foi feito duas vezes.
input-title = Algo no formulário está faltando ou está errado
unread-title = Não conseguimos ler este pedido
unread-body = O endereço ou o formulário não pode ser lido. Nada foi alterado.
nothing-changed = Nada foi alterado.
method-not-allowed-title = Esta página não pode ser usada dessa forma
timeout-title = Demorou demais para chegar
timeout-body = Nada foi alterado. Tente de novo.
too-large-title = Foi demais de uma só vez
address-too-long-title = Este endereço é longo demais
unsupported-title = Não conseguimos ler este tipo de formulário
misdirected-title = Este endereço não é nosso
misdirected-body = O pedido indicava outro servidor. Nada foi alterado.
headers-title = O seu navegador enviou dados demais
headers-body = Apagar os cookies deste site pode ajudar.
credential-title = A credencial está faltando ou está errada
credential-body = Envie a credencial configurada em um único cabeçalho Authorization, como token Bearer.
