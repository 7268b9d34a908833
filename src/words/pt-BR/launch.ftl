# unreviewed

launch-title = Continuar para { $issuer }
launch-title-phone = Você precisa do aplicativo de { $issuer }
launch-title-nothing = { $issuer } não está disponível neste dispositivo
launch-step-1 = Entre na sua conta em { $issuer }.
launch-step-2 = Escolha o cartão que você quer adicionar.
launch-step-code = Digite o código abaixo quando ele for pedido.
launch-step-3 = Volte para cá. Nós cuidamos do resto.
launch-host = Você vai para { $host }. Confira se este é o endereço mostrado antes de entrar.
launch-host-website = O site é { $host }. Confira se este é o endereço mostrado antes de entrar.
launch-app = Abrir o aplicativo de { $issuer }
launch-app-android = Abrir o aplicativo para Android
launch-app-ios = Abrir o aplicativo para iPhone
launch-app-only = Abrir somente o aplicativo
launch-have-app = Tenho o aplicativo
launch-have-app-android = Tenho o aplicativo para Android
launch-have-app-ios = Tenho o aplicativo para iPhone
launch-noapp = Não tenho o aplicativo
launch-web = Continuar no site de { $issuer }
launch-web-plain = Continuar para { $issuer }
launch-web-choice = Usar o site
launch-forward = Estamos levando você para { $issuer }. Para ficar aqui, toque na página ou pressione uma tecla.
launch-hint-app = Você precisa ter o aplicativo de { $issuer } neste dispositivo e conseguir entrar nele.
launch-hint-noopen = O aplicativo não abriu? Continue pelo site.
launch-hint-noopen-app = O aplicativo não abriu? Verifique se ele está instalado e tente de novo.
launch-finished = Já terminou com { $issuer }? Verificar agora
launch-other = Escolher outro banco
launch-expiry = { $minutes ->
        [one] Você tem cerca de { $minutes } minuto. Depois disso, comece de novo aqui; nada se perde.
       *[other] Você tem cerca de { $minutes } minutos. Depois disso, comece de novo aqui; nada se perde.
    }
launch-degraded = { $issuer } está com problemas. Você pode tentar, mas talvez não funcione.
launch-down = { $issuer } não está disponível no momento. Você pode tentar, mas provavelmente não vai funcionar. Os outros bancos estão funcionando.
launch-not-this-phone = { $issuer } não oferece isto para o seu tipo de celular.
launch-only-phone-app = { $issuer } só permite adicionar cartões pelo aplicativo de celular. Abra { $wallet } no seu celular e comece por lá. O cartão é adicionado no seu celular.
launch-robot = Abra esta página em um navegador para adicionar o seu cartão.

launch-phone-summary = Usar o seu celular
launch-phone-only = { $issuer } só funciona no aplicativo de celular. Escaneie este código para continuar no seu celular.
launch-phone-body = Escaneie este código com a câmera do seu celular. { $wallet } abre no celular e você começa por lá. O cartão é adicionado no seu celular.
launch-phone-copy = Ou abra este endereço no seu celular: { $url }
launch-phone-close = Você pode fechar esta página no computador.
launch-phone-label = Código QR que abre { $wallet } no seu celular

touch-title = Você está em um iPad
touch-body = Se você tem nele o aplicativo de { $issuer }, adicione o seu cartão por lá.
touch-noscript = Em um iPad: abrir o aplicativo de { $issuer }

escape-title = Primeiro abra esta página no seu navegador
escape-body = Você está em um navegador dentro de outro aplicativo. O seu banco traz você de volta ao navegador do seu celular, que não consegue concluir o que você começar aqui.
launch-hint-browser = Você está em um navegador dentro de outro aplicativo. Primeiro abra { $wallet } no seu navegador normal, para que { $issuer } possa trazer você de volta.
escape-menu = Abra o menu (⋯ ou ⋮) e escolha “Abrir no navegador”.
escape-menu-page = Vá para { $page }, depois abra o menu (⋯ ou ⋮) e escolha “Abrir no navegador”.
escape-first-page = a primeira página
escape-copy = Ou copie este endereço e cole no seu navegador.
escape-address = Endereço a abrir
escape-copy-button = Copiar
escape-copied = Copiado

same-title = O seu código
same-asked = { $issuer } vai pedir este código a você.
same-may-be-asked = { $issuer } talvez peça este código a você.
same-proof = Ele mostra que foi você quem começou aqui.
same-only-site = Digite-o somente em { $host }.
same-only-app = Digite-o somente no aplicativo de { $issuer }.
same-only-both = Digite-o somente em { $host } ou no aplicativo de { $issuer }.
same-never = Ninguém deve pedir que você o leia em voz alta.

wait-title = Aguardando { $issuer }
wait-body-app = Termine no aplicativo de { $issuer }. Ele deve trazer você de volta para cá sozinho. Se isso não acontecer, volte para esta página.
wait-body-web = Termine no site de { $issuer }. Ele deve trazer você de volta para cá sozinho. Se isso não acontecer, volte para esta página.
wait-body-both = Termine no aplicativo de { $issuer } ou no site. Você deve voltar para cá automaticamente. Se isso não acontecer, volte para esta página.
wait-body-any = Termine com { $issuer }. Você deve voltar para cá automaticamente. Se isso não acontecer, volte para esta página.
wait-check = Terminei com { $issuer }
wait-app-again = Abrir o aplicativo de novo
wait-web-again = Usar o site
wait-web-there = Ir para lá de novo
wait-try-again = Tentar de novo
wait-ways = Mostrar de novo como chegar a { $issuer }
wait-hint-noopen = O aplicativo não abriu? Use o site.
wait-nothing-yet = { $issuer } ainda não enviou uma resposta. Termine primeiro por lá e depois verifique de novo.
wait-no-params = { $issuer } mandou você de volta sem uma resposta. Talvez você tenha cancelado, ou algo deu errado por lá.
wait-other-tab = Isto continua em outra aba. Você pode fechar esta.
wait-elsewhere = { $issuer } trouxe você de volta em outro navegador, por isso não conseguimos concluir. Use o site ou comece de novo no outro navegador.
wait-elsewhere-app = { $issuer } trouxe você de volta em outro navegador, por isso não conseguimos concluir. Comece de novo no outro navegador.
wait-wrong-code = { $left ->
        [one] A resposta de { $issuer } não continha o código abaixo, por isso nada foi adicionado. Volte lá e digite-o exatamente como está aqui. Você tem mais { $left } tentativa.
       *[other] A resposta de { $issuer } não continha o código abaixo, por isso nada foi adicionado. Volte lá e digite-o exatamente como está aqui. Você tem mais { $left } tentativas.
    }

wait-digits = { $issuer } trouxe você de volta em outro navegador. Ele mostra seis dígitos.
wait-digits-label = Os seis dígitos
wait-digits-hint = { $tries ->
        [one] Somente se você os vê com os próprios olhos, em um dispositivo seu. Você tem { $tries } tentativa.
       *[other] Somente se você os vê com os próprios olhos, em um dispositivo seu. Você tem { $tries } tentativas.
    }
wait-digits-go = Continuar aqui
wait-digits-empty = Digite os seis dígitos
wait-digits-format = O código tem seis dígitos
wait-digits-wrong = Estes não são os dígitos que o outro navegador mostra
wait-digits-spent = { $tries ->
        [one] Os dígitos não eram esses.
       *[other] Os dígitos não eram esses, { $tries } vezes.
    } O que voltou não serve mais. Use o site ou comece de novo no outro navegador.
wait-digits-spent-app = { $tries ->
        [one] Os dígitos não eram esses.
       *[other] Os dígitos não eram esses, { $tries } vezes.
    } O que voltou não serve mais. Comece de novo no outro navegador.

other-same-person = Você começou a adicionar um cartão de { $issuer } em outro navegador. Para proteger o seu cartão, aqui só continuamos com a mesma pessoa.
other-nothing = Nenhum cartão foi adicionado neste navegador.
other-signin = Entrar aqui para continuar
other-digits-title = Volte para onde você começou
other-digits-body = Você começou em outro navegador. { $issuer } já terminou. Volte para aquela aba e digite estes dígitos:
other-digits-careful = Digite-os somente na página em que você começou. Nem { $issuer } nem nós vamos pedi-los a você.
