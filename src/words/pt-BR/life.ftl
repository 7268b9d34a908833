# unreviewed
# A card after it was added: paused, gone on with, removed.

home-card-state-paused = Suspenso por você
card-paused-body = Você suspendeu este cartão. Não será possível pagar com ele até que você o reative.
card-pause = Suspender
card-resume = Reativar
card-remove = Remover
card-pausing = Estamos pedindo à Mastercard que suspenda este cartão.
card-resuming = Estamos pedindo à Mastercard que reative este cartão.
card-removing = Estamos pedindo à Mastercard que remova este cartão.
card-change-doubt = A resposta se perdeu no caminho. Estamos verificando com a Mastercard como está este cartão. Nada é pedido duas vezes.
card-change-not-done = Não deu certo. Nada foi alterado. Tente de novo daqui a pouco.
card-change-refused = A Mastercard não permitiu isso. O status abaixo é o atual.
card-change-unclear = Não ficamos sabendo se deu certo. Fale com { $issuer } se o status abaixo parecer errado.
card-remove-title = Remover este cartão?
card-remove-body = O cartão some desta carteira e não pode mais ser usado aqui. O seu cartão de { $issuer } em si continua como está, e você pode adicioná-lo de novo mais tarde.
card-remove-keep = Manter o cartão
