# unreviewed

push-title = { $count ->
        [one] Adicionar um cartão do { $issuer }?
       *[other] Adicionar { $count } cartões do { $issuer }?
    }
push-body = { $count ->
        [one] Um link que você abriu quer adicionar um cartão a { $wallet }.
       *[other] Um link que você abriu quer adicionar { $count } cartões a { $wallet }.
    } Continue somente se você mesmo acabou de pedir isso ao seu banco.
push-sent = Se alguém enviou o link a você, escolha “Agora não”: o cartão pode ser de outra pessoa.
push-unnamed = O link não diz de qual banco ele vem. No fim, você fica aqui.
push-unsigned = O link não está assinado, então não sabemos se ele vem mesmo de { $issuer }. No fim, você fica aqui.
push-next = Nada é adicionado antes de você ler e aceitar os termos do banco.
push-accept = Continuar
push-decline = Agora não
push-your-bank = Seu banco
push-back = Voltar para { $issuer }
push-back-site = Voltar para { $issuer } ({ $site })
push-proof = { $issuer } permite confirmar isso quando você voltar para lá.
push-over-title = Esta oferta não pode mais ser usada
push-over-body = O que { $issuer } enviou é antigo demais, já foi usado ou se destina a outra carteira. Nada foi adicionado. Volte para { $issuer } e comece de novo por lá.
push-again = Para tentar de novo, volte para { $issuer } e comece por lá.
push-malformed-title = Não conseguimos ler este link
push-malformed-body = Ele pode ter sido alterado ou cortado no caminho. Nada foi adicionado.
push-misplaced-title = Este link não é daqui
push-misplaced-body = Ele deveria trazer você de volta a um cartão que já estava adicionando. Nada foi adicionado. Continue de onde começou.
push-not-signed-title = Este link não está assinado
push-not-signed-body = O link de um banco para adicionar um cartão precisa ser assinado pela Mastercard. Nada foi adicionado.
push-issuer-title = Não sabemos de qual banco é este link
push-issuer-body = Ele não é de um banco que pode adicionar cartões a { $wallet } por um link. Nada foi adicionado e não enviamos você a lugar nenhum.
push-callback-title = Este link leva de volta a um endereço errado
push-callback-body = O endereço para o qual ele quer mandar você de volta não é o do banco. Nada foi adicionado e não enviamos você para lá.
push-used-title = Este link já foi usado
push-used-body = O cartão que está nele foi aceito em outro lugar ou não pode mais ser adicionado. Nada foi adicionado aqui. Se você ainda quiser o cartão, comece de novo no seu banco.
