# unreviewed

back-to-host = العودة إلى { $host }
foreign-host-title = لا يمكننا استخدام هذا الرابط
foreign-host-body = الرابط الذي أوصلك إلى هنا يذكر صفحة للعودة إليها، ولا يمكننا توجيهك إليها. لم يتغير شيء. لا يزال بإمكانك إضافة بطاقة.
foreign-host-rule = لمن أنشأ الرابط (بالإنجليزية): { $rule }.
foreign-origin-title = هذا المصدر غير مسجل
foreign-origin-body = يمكن لبرامج المصادر المسجلة قراءة هذا. يسجلها مشغل المحفظة تحت embed.origins.
