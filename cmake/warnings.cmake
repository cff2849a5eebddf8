# warnings_for(TARGET): the warnings that our own code is held to; errors with WAVENET_WERROR.
function(warnings_for target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           -Wnon-virtual-dtor -Woverloaded-virtual)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -Wno-restrict)  # g++ 12 sees overlaps in std::string
  endif()
  if(WAVENET_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
