#ifndef SEER_STDNORETURN_H
#define SEER_STDNORETURN_H
#define noreturn _Noreturn
#endif
