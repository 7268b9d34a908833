# unreviewed

back-to-host = Voltar para { $host }
foreign-host-title = Não podemos usar este link
foreign-host-body = O link que trouxe você aqui indica uma página de retorno, e não podemos levar você até lá. Nada foi alterado. Você ainda pode adicionar um cartão.
foreign-host-rule = Para quem criou o link (em inglês): { $rule }.
foreign-origin-title = Esta origem não está registrada
foreign-origin-body = Scripts de origens registradas podem ler isto. O operador da carteira as registra em embed.origins.
