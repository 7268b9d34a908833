# unreviewed

skip-link = Ir para o conteúdo principal
language-link =
    .aria-label = Idioma: { $language }. Mudar de idioma
footer-label = Sobre este site
footer-help = Ajuda
footer-privacy = Privacidade
footer-accessibility = Acessibilidade
demo-ribbon = Demonstração. Nada aqui é real: nem banco, nem cartão, nem dinheiro.
demo-scenario = Cenário de demonstração: { $name }
legal-marks = Mastercard e Maestro são marcas registradas da Mastercard International Incorporated.
legal-demo = { $wallet } é uma demonstração e não tem vínculo com a Mastercard nem com nenhum banco.
page-title = { $page } – { $wallet }
back-home = Ir para os seus cartões
get-help = Obter ajuda
cancel-attempt = Cancelar
    .aria-label = Cancelar a adição deste cartão
error-title = Erro: { $page }
error-summary-title = Há um problema
reference-line = Referência para o suporte: { $reference }
offline-banner = Você está sem conexão. Esta página continuará quando a conexão voltar.
opening-next = Pronto. Abrindo a próxima etapa.
what-now = O que você pode fazer
not-added = O cartão não foi adicionado e nada foi cobrado.
add-a-card = Adicionar um cartão do seu banco
time-left = { $minutes ->
        [one] Resta cerca de { $minutes } minuto.
       *[other] Restam cerca de { $minutes } minutos.
    }
