# unreviewed

## Waiting for us
verify-title = Verificando o seu cartão
adding-title = Adicionando o seu cartão
code-checking = Verificando o seu código
verify-step-received = Resposta de { $issuer } recebida
verify-step-genuine = Verificando se é autêntica
verify-step-ready = Preparando o seu cartão
verify-state-done = concluído
verify-state-now = em andamento
verify-state-todo = não iniciado
verify-status = Etapa { $n } de 3: { $step }.
verify-code = { $issuer } está verificando o código.
verify-hint = Isso costuma levar alguns segundos. Você pode deixar esta página aberta.
verify-slow = Isso está demorando mais que o normal. Estamos esperando a Mastercard. Você não precisa fazer nada.
verify-very-slow = Ainda estamos esperando uma resposta da Mastercard. Você pode sair desta página: continuaremos tentando e mostraremos o resultado com os seus cartões.
verify-retrying = { $issuer } já fez a sua parte. Estamos esperando a Mastercard e continuaremos tentando por { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }. Você não precisa entrar de novo.
verify-doubt = A resposta se perdeu no caminho. Estamos verificando com a Mastercard o que aconteceu com o seu cartão. Ele nunca é adicionado duas vezes.
verify-leave = Você pode sair desta página: continuaremos tentando e mostraremos o resultado com os seus cartões.
verify-check = Verificar de novo

## Terms
terms-title = Termos de { $issuer } para usar este cartão em uma carteira digital
terms-lede = { $issuer } pede que você aceite estes termos antes de o cartão ser adicionado.
terms-lede-several = { $issuer } pede que você aceite estes termos antes de { $cards ->
        [one] { $cards } cartão ser adicionado
       *[other] os { $cards } cartões serem adicionados
    }.
terms-skip = Ir para os botões
terms-contents = Índice
terms-language = { $issuer } fornece estes termos neste idioma: { $language }.
terms-print = Imprimir
terms-pdf-only = { $issuer } fornece estes termos em um arquivo PDF. Abra e leia antes de aceitar.
terms-pdf-open = Abrir os termos (PDF, { $size })
terms-size = { $kilobytes } kB
terms-accept = Aceitar e adicionar o cartão
terms-accept-several = Aceitar e adicionar os cartões
terms-decline = Não aceitar
terms-changed = { $issuer } mudou os termos enquanto você lia. Leia a nova versão.

## Choosing how to confirm
method-title = Confirme que é você
method-lede = { $issuer } quer verificar se este cartão é seu. Escolha como.
method-lede-ending = { $issuer } quer verificar se o cartão com final { $digits } é seu. Escolha como.
method-text = Mensagem de texto para { $value }
method-email = E-mail para { $value }
method-call-auto = Ligar para { $value } e ouvir um código
method-call-agent = Ligar para { $issuer } em { $value }
method-issuer-calls = Receber uma ligação de { $issuer } em { $value }
method-website = Entrar no site de { $issuer }
method-app = Usar o aplicativo de { $issuer }
method-continue = Continuar
method-later = Fazer isso depois
method-error-none = Escolha como { $issuer } deve confirmar que é você
method-later-note = O cartão fica na sua carteira até você confirmar. Antes disso, não é possível pagar com ele.
method-not-sent = Nenhum código pode ser enviado dessa forma agora. Escolha outra forma.
method-expired = Esse código expirou. Escolha como receber um novo.
method-unsure = Não sabemos se o seu último código contou. Escolha como continuar.

## The code
code-title = Digite o código de { $issuer }
code-sent-text = { $issuer } está enviando um código por mensagem de texto para { $value }.
code-sent-email = { $issuer } está enviando um código por e-mail para { $value }.
code-sent-call = Ligue para { $value }. Você ouvirá um código.
code-card = Ele é para o seu cartão com final { $digits }.
code-label = Código
code-hint = Pode levar um minuto para chegar.
code-hint-call = Tenha algo para anotar.
code-submit = Confirmar o código
code-resend = Enviar o código de novo
code-resend-wait = Você poderá pedir de novo em { $seconds ->
        [one] { $seconds } segundo
       *[other] { $seconds } segundos
    }.
code-resend-now = Você já pode pedir de novo.
code-resent = { $issuer } está enviando o código de novo. Se chegarem dois, eles são iguais.
code-request-new = Pedir um novo código
code-none-left = Não é possível enviar mais códigos para este cartão. Se nenhum chegou, ligue para { $issuer }.
code-other = Usar outra forma
code-error-empty = Digite o código
code-error-format = Um código tem apenas letras e números, no máximo { $max }. Digite-o como você o recebeu.
code-error-wrong = Esse código não está certo. { $left ->
        [one] Você tem mais { $left } tentativa.
       *[other] Você tem mais { $left } tentativas.
    }
code-error-wrong-last = Esse código não está certo.
code-error-expired = Esse código expirou. Peça um novo.
code-error-not-sent = Não foi possível enviar o código. Peça de novo ou use outra forma.
code-error-unsure = Não sabemos se a sua última tentativa contou. Digite o código de novo.
code-error-not-tried = Não conseguimos verificar o código agora. Isso não contou como tentativa. Digite-o de novo.

## Waiting for the issuer
await-title = Esperando a confirmação de { $issuer }
await-body = O seu cartão está na carteira. Você poderá usá-lo quando { $issuer } souber que é você.
await-agent = Ligue para { $issuer } em { $value } e diga que está adicionando o seu cartão a { $wallet }. Esta página mudará quando houver a confirmação.
await-callback = { $issuer } ligará para você em { $value }. Esta página mudará quando houver a confirmação.
await-website = Entre no site de { $issuer } e confirme lá.
await-website-go = Ir para o site de { $issuer }
await-app = Abra o aplicativo de { $issuer } e confirme lá.
await-check = Verificar de novo
await-later = Você pode sair desta página. O cartão fica na sua carteira até lá, e antes disso não é possível pagar com ele.

## Success
done-title = Cartão adicionado
done-title-several = Cartões adicionados
done-body = O seu cartão de { $issuer } com final { $digits } está pronto para uso em { $wallet }.
done-body-plain = O seu cartão de { $issuer } está pronto para uso em { $wallet }.
done-body-several = { $cards ->
        [one] { $cards } cartão de { $issuer } está em { $wallet }.
       *[other] { $cards } cartões de { $issuer } estão em { $wallet }.
    }
done-note = { $issuer } talvez envie uma mensagem dizendo que este cartão foi adicionado. Se você receber uma sobre um cartão que não adicionou, ligue para a instituição.
done-another = Adicionar outro cartão
