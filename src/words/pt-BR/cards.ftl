# unreviewed

home-title = Seus cartões
home-empty-title = Ainda não há cartões
home-empty-body = Adicione um cartão entrando no banco que o emitiu. Você não digita o número do cartão.
home-push-body = Os cartões são adicionados a partir do seu banco. Abra o aplicativo ou o site do seu banco e escolha adicionar um cartão aqui.
home-card-name = { $issuer }, final { $last4 }
home-card-ending = final { $last4 }
home-card-state-active = Pronto para usar
home-card-state-inactive = Aguardando o seu código
home-card-state-waiting = Aguardando a confirmação de { $issuer }
home-card-state-locked = Bloqueado após muitos códigos errados
home-card-state-suspended = Suspenso por { $issuer }
home-card-state-declined = Não aprovado por { $issuer }
home-card-state-duplicate = Já está na sua carteira
home-card-state-deactivated = Removido
home-card-state-failed = Não adicionado
home-card-state-adding = Sendo adicionado
home-card-state-doubt = Estamos verificando com a Mastercard
home-pending = Seu cartão { $issuer } ainda está sendo adicionado.
home-pending-link = Ver o andamento
home-error = Não conseguimos mostrar seus cartões agora. Seus cartões estão seguros. Tente de novo em um minuto.
home-retry = Tentar de novo
sign-out = Sair

card-locked-title = Muitos códigos errados
card-locked-body = Para proteger o seu cartão, { $issuer } não aceita mais códigos por enquanto. O cartão está na sua carteira, mas ainda não pode ser usado.
card-suspended-body = Você não pode pagar com este cartão agora. Só { $issuer } pode mudar isso.
card-confirm = Confirmar que é você
card-status = Situação
card-issuer = Banco
card-product = Cartão
card-last4 = Número
card-phone = Telefone
card-website = Site
card-terms = Os termos que você aceitou
card-back = Voltar ao cartão
card-history = Como este cartão foi adicionado

issuer-title = Adicionar um cartão de { $issuer }
issuer-lede = Você vai entrar em { $issuer }, não aqui. Nunca vemos a sua senha.
issuer-phone-only = { $issuer } só permite adicionar cartões pelo aplicativo no celular.
issuer-not-this-phone = { $issuer } não oferece isso para o seu tipo de celular.
issuer-not-this-device = { $issuer } não oferece isso para o seu dispositivo.
issuer-static = Abra esta página em um navegador para adicionar o seu cartão.
issuer-tablet = Você está em um tablet que tem o aplicativo { $issuer }? Então pode começar aqui.
issuer-start = Começar com { $issuer }
issuer-start-tablet = Começar neste tablet
issuer-start-anyway = Começar aqui mesmo assim
issuer-other = Escolher outro banco

app-title = Volte para o aplicativo { $wallet }
app-body = Você começou a adicionar um cartão no aplicativo, e o caminho de volta do seu banco levou a este navegador. Nenhum cartão foi adicionado aqui e nada foi cobrado.
app-open = Abra você mesmo o aplicativo. Ele mostra como está o seu cartão.
app-again = Se o seu cartão não estiver lá, comece de novo no aplicativo.
app-elsewhere = Se o aplicativo não estiver neste dispositivo, abra-o onde você começou.
