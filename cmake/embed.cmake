# Writes the bytes of IN as a C array NAME with its length NAME_n to OUT.
file(READ ${IN} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR n "${digits} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "#include <stddef.h>\nextern const unsigned char ${NAME}[];\nextern const size_t ${NAME}_n;\n"
  "const unsigned char ${NAME}[] = {${bytes}};\nconst size_t ${NAME}_n = ${n};\n")
