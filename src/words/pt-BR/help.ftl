# unreviewed

help-title = Ajuda
help-how-title = Como adicionar um cartão
help-how-choose = Você escolhe o seu banco na lista.
help-how-sign-in = Você entra no seu banco, pelo aplicativo ou pelo site, e escolhe um cartão lá.
help-how-check = Seu banco envia você de volta para cá. Verificamos com a Mastercard se a resposta é autêntica.
help-how-terms = Você lê e aceita os termos do seu banco. Se o banco pedir, você confirma que é você.
help-how-time = É preciso terminar de adicionar o cartão em { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }. Se demorar mais, comece de novo; nada se perde e nada é cobrado.
help-app-title = O aplicativo do meu banco não me trouxe de volta
help-app-body = Abra { $wallet } de novo no navegador em que você começou. Junto aos seus cartões você vê o que ainda está em andamento.
help-browser-title = Voltei em outro navegador
help-browser-body = Para proteger o seu cartão, só terminamos onde você começou. Comece de novo no navegador que o seu banco abre, ou use o site do banco em vez do aplicativo.
help-code-title = Nenhum código chegou
help-code-body = Pode demorar alguns minutos. Você pode pedir o código de novo na página em que o digita. Se isso não ajudar, ligue para o seu banco: o número está no verso do cartão.
help-message-title = Recebi uma mensagem sobre um cartão que não adicionei
help-message-body = Ligue para o seu banco imediatamente.
privacy-title = Privacidade
privacy-body = { $wallet } não vê o número do seu cartão nem a sua senha. Guardamos um cookie para { $host }, que garante que o cartão chegue à sua carteira e não à de outra pessoa. O que você escolhe aqui, como o idioma e o país, e os bancos que você usou são lembrados só neste navegador, em outros cookies. Nenhuma página carrega nada de terceiros.
accessibility-title = Acessibilidade
accessibility-body = Todas as páginas funcionam com o teclado, com leitor de tela, com zoom de 400 % e sem JavaScript. Se algo não funcionar para você, diga-nos qual era a página.

language-title = Idioma
language-choose = Escolha o seu idioma
language-unreviewed = Tradução ainda não revisada
language-banks = Os nomes e os termos dos bancos aparecem no idioma que o banco usa.
theme-choose = Cores
theme-system = Como no sistema
theme-light = Claro
theme-dark = Escuro
language-save = Salvar

error-gateway-title = Não é possível acessar { $wallet }
error-gateway-body = Algo entre você e nós não está funcionando. Seus cartões estão seguros. Tente de novo em um minuto.
error-unavailable-title = Não conseguimos responder agora
error-unavailable-body = Há muitas pessoas ao mesmo tempo, ou estamos em atualização. Seus cartões estão seguros. Tente de novo em um minuto.
